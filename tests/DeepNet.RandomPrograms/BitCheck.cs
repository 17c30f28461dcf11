using System.Runtime.InteropServices;

namespace DeepNet.RandomPrograms;

/// <summary>Values and gradients in float32 on several numbers of threads: all bits must be equal.</summary>
internal static class BitCheck
{
    private static readonly int[] Threads = [1, 2, 7];

    public static Failure? Of(RandomProgram program)
    {
        int before = CpuDevice.Threads;
        try
        {
            List<(string Name, byte[] Bits)>? first = null;
            foreach (int threads in Threads)
            {
                CpuDevice.Threads = threads;
                var found = Backward.Of(program, DType.Float32, run => Results(run).ToList());
                first ??= found;
                for (int i = 0; i < found.Count; i++)
                    if (!found[i].Bits.AsSpan().SequenceEqual(first[i].Bits))
                        return new(FailureKind.Bits, $"the {found[i].Name} has other bits on {threads} threads than on {Threads[0]}");
            }
            return null;
        }
        finally
        {
            CpuDevice.Threads = before;
        }
    }

    private static IEnumerable<(string Name, byte[] Bits)> Results(Run run)
    {
        foreach (var (id, tensors) in run.Values)
            for (int i = 0; i < tensors.Length; i++)
                yield return ($"value of t{id}[{i}]", Bits(tensors[i]));
        for (int i = 0; i < run.Leaves.Count; i++)
            if (Run.GradientOf(run.Leaves[i]) is { } g) yield return ($"gradient of leaf {i}", Bits(g));
    }

    private static byte[] Bits(Tensor t) => MemoryMarshal.AsBytes<double>(t.ToArray<double>()).ToArray();
}
