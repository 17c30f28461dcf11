namespace DeepNet.Data;

/// <summary>Specifies what the cells of a column are.</summary>
public enum ColumnKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Names of one thing or another, of which there are few.</summary>
    Category,

    /// <summary>Nothing to learn from: names, keys, remarks.</summary>
    Ignore,
}
