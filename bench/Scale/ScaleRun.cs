namespace DeepNet.Bench.Scale;

/// <summary>Measures how time and memory grow, and prints the fitted exponents beside the expected ones.</summary>
internal static class ScaleRun
{
    /// <param name="threads">The threads of everything but the row in which they grow.</param>
    public static int Run(int threads)
    {
        Console.WriteLine(Machine.Describe(threads));
        foreach (var curve in Curves(threads))
        {
            foreach (var (heading, cell) in Curve.Headings.Zip(curve.Cells())) Console.WriteLine($"{heading,-20} {cell}");
            Console.WriteLine();
        }
        return 0;
    }

    public static IEnumerable<Curve> Curves(int threads)
    {
        foreach (var growth in Growths.All)
        {
            CpuDevice.Threads = threads;
            yield return Curve.Of(growth);
        }
        CpuDevice.Threads = threads;
    }
}
