namespace DeepNet.Ilgpu;

/// <summary>
/// Which tiles of products a device can hold. Nothing else decides: no width of a warp and no amount of shared memory is taken for granted.
/// </summary>
/// <param name="Threads">Threads that a group may have.</param>
/// <param name="SharedBytes">Shared memory (OpenCL: local memory) that a group may have.</param>
/// <param name="HasManyRegisters">
/// Whether a thread may have the 110 registers that 64 sums and their factors take. NVIDIA's and AMD's have up to 255; Intel's share a file
/// of 4 KB, 64 to 128 numbers each, and what is on a processor's stack anyway, or on unknown devices, is better off in smaller tiles too.
/// </param>
internal readonly record struct TileLimits(int Threads, int SharedBytes, bool HasManyRegisters)
{
    /// <summary>Tiles of 128 × 128: for elements of four bytes, as 64 sums of larger ones fit no thread's registers.</summary>
    public bool TakesLarge(int elementSize)
        => elementSize == 4 && HasManyRegisters && Takes(TilePlan.LargeDepth * TilePlan.LargeLine, elementSize);

    /// <summary>Tiles of 64 × 64.</summary>
    public bool TakesMedium(int elementSize) => Takes(TilePlan.MediumDepth * TilePlan.MediumLine, elementSize);

    /// <summary>Tiles of 32 × 32, for 64 threads.</summary>
    public bool TakesSquare => Threads >= SquareTile.Threads;

    // Two factors' panels, twice.
    private bool Takes(int panel, int elementSize) => Threads >= TilePlan.Threads && 4L * panel * elementSize <= SharedBytes;
}
