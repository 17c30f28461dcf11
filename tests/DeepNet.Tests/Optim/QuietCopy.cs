namespace DeepNet.Tests.Optim;

internal static class QuietCopy
{
    /// <summary>Overwrites a tensor without recording, as loading does.</summary>
    public static void CopyFromQuietly(this Tensor to, Tensor from)
    {
        using (Autograd.NoGrad()) to.CopyFrom(from);
    }
}
