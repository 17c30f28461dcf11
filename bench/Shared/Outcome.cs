namespace DeepNet.Bench;

/// <summary>
/// What a case computes, so that both sides can be compared in numbers before they are timed. A case tells <c>Note</c> its result, its loss
/// or its gradient; that costs a look at a field while nobody wants to know.
/// </summary>
internal static partial class Outcome
{
    private const int Calls = 3;    // the loss after two steps depends on gradients and on the optimizer

    private static List<double>? noted;

    /// <summary>True while results are compared: chance that both sides cannot share, as dropout's, is left out.</summary>
    public static bool IsWanted => noted is not null;

    /// <summary>
    /// Sets a case up, does it three times, and returns two numbers for each result: its norm, and its product with fixed weights.
    /// </summary>
    public static double[] Of(Func<Action> setup)
    {
        noted = [];
        try
        {
            Draws.Restart();
            var action = setup();
            for (int i = 0; i < Calls; i++) action();
            return [.. noted];
        }
        finally
        {
            noted = null;
        }
    }

    private static void Add(ReadOnlySpan<float> result)
    {
        double squares = 0, weighted = 0;
        for (int i = 0; i < result.Length; i++)
        {
            squares += (double)result[i] * result[i];
            weighted += result[i] * (2 * (double)Draws.Uniform(Draws.Word(0, i)) - 1);
        }
        noted!.Add(Math.Sqrt(squares));
        noted.Add(weighted);
    }
}
