namespace DeepNet.Ops;

/// <summary>What a formula sees of one element of a row.</summary>
internal struct RowElement<V>
{
    /// <summary>The element of the row.</summary>
    public V X;

    /// <summary>The element of a second row, of the same length: a gradient.</summary>
    public V G;

    /// <summary>The element of a vector that all rows share: a weight of each column.</summary>
    public V W;
}

/// <summary>The numbers that belong to a row as a whole.</summary>
internal struct RowState<V>
{
    /// <summary>What the first fold was closed to.</summary>
    public V A;

    /// <summary>What the second fold was closed to.</summary>
    public V B;

    /// <summary>In a gradient the sums that A and B were closed from; elsewhere what a formula computes on the way.</summary>
    public V P, Q, R;
}

/// <summary>What a row is given besides its elements.</summary>
internal struct RowGiven<V>
{
    /// <summary>The gradient of the row's number.</summary>
    public V G;

    /// <summary>The number of the column that the row's label names; 1 if columns have none.</summary>
    public V W;
}

/// <summary>What a fold carries side by side.</summary>
internal struct RowSums<V>
{
    public V A, B, C;
}
