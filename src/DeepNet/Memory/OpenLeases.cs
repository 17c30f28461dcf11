using System.Runtime.InteropServices;

namespace DeepNet.Devices;

/// <summary>
/// The leases that are open on the blocks of a pool. It refers to the storages, so that a block with a span on it is not swept.
/// </summary>
internal sealed class OpenLeases
{
    private readonly Dictionary<Storage, (int All, int Writing)> counts = [];
    private readonly Lock gate = new();

    /// <summary>Gets the number of leases that are open on a storage.</summary>
    public int Count(Storage storage)
    {
        lock (gate) return counts.GetValueOrDefault(storage).All;
    }

    /// <summary>Adds a lease.</summary>
    public void Open(Storage storage, bool writes)
    {
        lock (gate)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, storage, out _);
            count.All++;
            if (!writes) return;
            storage.MarkChanged();
            if (count.Writing++ == 0) storage.Version |= int.MinValue;
        }
    }

    /// <summary>Removes a lease.</summary>
    public void Close(Storage storage, bool writes)
    {
        lock (gate)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(counts, storage);
            if (writes)
            {
                storage.MarkChanged();
                if (--count.Writing == 0) storage.Version &= int.MaxValue;
            }
            if (--count.All == 0) counts.Remove(storage);
        }
    }
}
