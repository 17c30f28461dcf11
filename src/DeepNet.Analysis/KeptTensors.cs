namespace DeepNet.Analysis;

/// <summary>Copies of tensors that are written back on disposal, bit for bit.</summary>
internal sealed class KeptTensors : IDisposable
{
    private readonly Tensor[] tensors;
    private readonly Tensor[] copies;
    private bool isBack;

    public KeptTensors(Tensor[] tensors)
    {
        this.tensors = tensors;
        // Outside any scope: scopes that begin and end meanwhile must not take the copies along.
        copies = Array.ConvertAll(tensors, t => Memory.Keep(t.Detach().Clone()));
    }

    public void Dispose()
    {
        if (isBack) return;
        isBack = true;
        using var quiet = Autograd.NoGrad();
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i].CopyFrom(copies[i]);
            copies[i].Dispose();
        }
    }
}
