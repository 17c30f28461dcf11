namespace DeepNet.Bench;

/// <summary>What bounds a case.</summary>
internal enum Bound
{
    /// <summary>Nothing that is measured.</summary>
    None,

    /// <summary>Fused multiply-adds of float32; the amount counts both halves.</summary>
    Fma,

    /// <summary>Bytes read from memory beyond the caches.</summary>
    Read,

    /// <summary>Bytes moved from one array beyond the caches to another.</summary>
    Copy,

    /// <summary>Bytes moved from two arrays beyond the caches to a third.</summary>
    Merge,
}

/// <summary>Operations or bytes, and which limit of the machine they run into.</summary>
internal readonly record struct Work(Bound Bound, double Amount)
{
    /// <summary>A matrix product.</summary>
    public static Work Product(int m, int n, int k) => new(Bound.Fma, 2.0 * m * n * k);

    /// <summary>The multiply-adds of a training step, or of what else is bounded by them.</summary>
    public static Work MultiplyAdds(double count) => new(Bound.Fma, 2 * count);

    /// <summary>The unit of speed: GFLOP/s or GB/s.</summary>
    public string Unit => Bound == Bound.Fma ? "GF/s" : "GB/s";
}
