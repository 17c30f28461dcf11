using System.Runtime.InteropServices;

namespace DeepNet.RandomPrograms;

/// <summary>A program compiled, with leaves that change from call to call, against the program as it is: all bits must be equal.</summary>
internal static class CompiledCheck
{
    private const int Calls = 6;

    public static Failure? Of(RandomProgram program, out bool isJudged)
    {
        isJudged = true;
        var state = Generator.Default.State;
        try
        {
            using var compiled = Compiled.Function(x => Results(program, x[0]), new() { FallsBack = true });
            for (int i = 0; i < Calls; i++)
            {
                // Nearer to 0 in each call, so that no leaf leaves the domain of what reads it.
                var factor = Tensor.Full(Shape.Scalar, 1 - i / 256.0, DType.Float64);
                Generator.Default.State = state;
                var expected = Results(program, factor);
                var after = Generator.Default.State;
                Generator.Default.State = state;
                var actual = compiled.RunAll(factor);
                if (expected.Length != actual.Length)
                    return new(FailureKind.Bits, $"call {i} gave {actual.Length} results, not {expected.Length}");
                for (int k = 0; k < expected.Length; k++)
                    if (!Bits(expected[k]).AsSpan().SequenceEqual(Bits(actual[k])))
                        return new(FailureKind.Bits, $"result {k} of shape {expected[k].Shape} has other bits compiled, in call {i}");
                if (!after.Equals(Generator.Default.State)) return new(FailureKind.Bits, $"call {i} drew other numbers compiled");
            }
            isJudged = compiled.Recordings > 0;
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(FailureKind.Exception, $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}");
        }
        finally
        {
            Generator.Default.State = state;
        }
    }

    private static Tensor[] Results(RandomProgram program, Tensor factor)
        => Backward.Of(program, DType.Float32, run =>
        {
            var found = run.Values.Values.SelectMany(tensors => tensors).Where(tensor => tensor.DType.IsFloating()).ToList();
            found.AddRange(run.Leaves.Select(Run.GradientOf).OfType<Tensor>());
            return found.Select(tensor => Memory.Keep(tensor.Detach().Clone())).ToArray();
        }, leaf => leaf * factor);

    private static byte[] Bits(Tensor tensor) => MemoryMarshal.AsBytes<double>(tensor.ToArray<double>()).ToArray();
}
