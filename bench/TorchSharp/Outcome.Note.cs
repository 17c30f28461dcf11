using static TorchSharp.torch;

namespace DeepNet.Bench;

internal static partial class Outcome
{
    /// <summary>Notes a result.</summary>
    public static Tensor Note(Tensor result)
    {
        if (IsWanted) Add(result.detach().contiguous().data<float>().ToArray());
        return result;
    }

    /// <summary>Notes a result whose signs are free, as those of the factors of a matrix.</summary>
    public static void NoteMagnitudes(Tensor result)
    {
        if (IsWanted) Add(result.abs().contiguous().data<float>().ToArray());
    }
}
