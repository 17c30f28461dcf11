namespace DeepNet.Bench;

/// <summary>
/// One thing that is timed. <see cref="Setup"/> prepares it and returns the work of one call; the other side, in bench/TorchSharp and in
/// torch_side.py, has a case of the same name if PyTorch can do it, with the same <see cref="Draws"/> in the same order.
/// </summary>
/// <param name="Name">The name on both sides.</param>
/// <param name="Setup">Makes the tensors and returns what is timed.</param>
internal sealed record Case(string Name, Func<Action> Setup)
{
    /// <summary>The ratio to reach (PyTorch's time by ours) with one thread and with more, or 0.</summary>
    public (double One, double More) Mark { get; init; }

    /// <summary>The time to reach in seconds, or 0.</summary>
    public double Limit { get; init; }

    /// <summary>The share of <see cref="Work"/>'s limit to reach with one thread and with more, or 0.</summary>
    public (double One, double More) Share { get; init; }

    /// <summary>The largest distance of results from the other side's, in parts of their norm: a few roundings of float32.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>The number of times that the timed action does the thing itself.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>What the machine has to do at least, where that bounds the time.</summary>
    public Work Work { get; init; }

    /// <summary>True if more threads change nothing.</summary>
    public bool IsSerial { get; init; }

    /// <summary>True if <c>compare</c> leaves it out unless it is asked for.</summary>
    public bool IsExtra { get; init; }

    /// <summary>Something to say beside the figures, known after the runs; with a verdict.</summary>
    public Func<(string Text, bool Meets)>? Note { get; init; }
}
