namespace DeepNet.Devices;

/// <summary>Something that is told of every allocation on its thread while it is the innermost one.</summary>
internal abstract class StorageScope
{
    public StorageScope? Outer;
    public int Depth;

    public abstract void Made(Storage storage);
}
