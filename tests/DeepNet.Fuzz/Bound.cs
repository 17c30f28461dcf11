namespace DeepNet.Fuzz;

/// <summary>The most memory that a file may cost: a multiple of its size, and a constant.</summary>
public readonly record struct Bound(long PerByte, long Constant)
{
    public long Of(long fileBytes) => PerByte * fileBytes + Constant;
}
