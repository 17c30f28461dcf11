using DeepNet.Devices;

namespace DeepNet.Onnx;

/// <summary>
/// How many values of a run show each piece of memory. What nobody shows any more is given back at once, so that the next operator finds
/// it in the cache. Inputs, weights and constants are never given back.
/// </summary>
internal sealed class StorageUses
{
    private readonly Dictionary<Storage, int> counts = new(ReferenceEqualityComparer.Instance);

    public StorageUses(Tensor?[] frame)
    {
        // What is there before the run has a use more, which never ends.
        foreach (var tensor in frame)
        {
            Add(tensor);
            Add(tensor);
        }
    }

    public void Add(Tensor? tensor)
    {
        if (tensor is not null) counts[tensor.Storage] = counts.GetValueOrDefault(tensor.Storage) + 1;
    }

    public void Remove(Tensor? tensor)
    {
        if (tensor is null || !counts.TryGetValue(tensor.Storage, out int count)) return;
        if (count > 1)
        {
            counts[tensor.Storage] = count - 1;
            return;
        }
        counts.Remove(tensor.Storage);
        tensor.Dispose();
    }
}
