namespace DeepNet.Ops;

/// <summary>An operator that reduces axes.</summary>
internal interface IReduced
{
    /// <summary>Gets a bit for each axis that is reduced.</summary>
    uint Mask { get; }

    /// <summary>Gets a value that is true if these axes stay, with length 1.</summary>
    bool KeepsAxes { get; }
}

/// <summary>A sum of a formula's values.</summary>
internal interface ISumOf : IReduced
{
    /// <summary>Gets the formula.</summary>
    FormulaSource Formula { get; }
}
