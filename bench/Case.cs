namespace DeepNet.Bench;

/// <summary>
/// One thing that is timed. <see cref="Setup"/> prepares it and returns the work of one call; the other side, in
/// torch_side.py, has a case of the same name if PyTorch can do it.
/// </summary>
/// <param name="Name">The name on both sides.</param>
/// <param name="Setup">Makes the tensors and returns what is timed.</param>
/// <param name="Mark">The ratio to reach (PyTorch's time by ours), or 0.</param>
/// <param name="Limit">The time to reach in seconds, or 0.</param>
/// <param name="Repeat">How often the timed action does the thing itself.</param>
internal sealed record Case(string Name, Func<Action> Setup, double Mark = 0, double Limit = 0, int Repeat = 1);
