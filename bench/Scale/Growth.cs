namespace DeepNet.Bench.Scale;

/// <summary>Something whose time and memory grow with a size.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Size">What grows.</param>
/// <param name="Sizes">The sizes, ascending.</param>
/// <param name="Setup">Prepares it in one size and returns the work of one call.</param>
internal sealed record Growth(string Name, string Size, int[] Sizes, Func<int, Action> Setup)
{
    /// <summary>The exponent with which time should grow.</summary>
    public required double Time { get; init; }

    /// <summary>The exponent with which memory should grow: weights, gradients and what a step takes besides.</summary>
    public required double Memory { get; init; }

    /// <summary>True if the size is the number of threads.</summary>
    public bool IsOfThreads { get; init; }
}
