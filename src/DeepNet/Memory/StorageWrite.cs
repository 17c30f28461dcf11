namespace DeepNet.Devices;

/// <summary>An in-place change that is running: the memory becomes nobody else's before it ends.</summary>
internal readonly ref struct StorageWrite : IDisposable
{
    private readonly Storage storage;

    public StorageWrite(Storage storage)
    {
        storage.Pin();
        this.storage = storage;
    }

    public void Dispose() => storage.Unpin();
}
