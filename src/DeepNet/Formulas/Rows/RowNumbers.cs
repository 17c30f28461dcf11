namespace DeepNet.Devices;

/// <summary>The operands of a formula at one element of a row.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct RowElement<V>
{
    /// <summary>The element of the row.</summary>
    public V X;

    /// <summary>The element of a second row, of the same length: a gradient.</summary>
    public V G;

    /// <summary>The element of a vector that all rows share: a weight of each column.</summary>
    public V W;
}

/// <summary>The numbers that belong to a row as a whole.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct RowState<V>
{
    /// <summary>The number that the first fold was closed to.</summary>
    public V A;

    /// <summary>The number that the second fold was closed to.</summary>
    public V B;

    /// <summary>In a gradient the sums that A and B were closed from; elsewhere what a formula computes on the way.</summary>
    public V P, Q, R;
}

/// <summary>The numbers given for a row besides its elements.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct RowGiven<V>
{
    /// <summary>The gradient of the row's number.</summary>
    public V G;

    /// <summary>The number of the column that the row's label names; 1 if columns have none.</summary>
    public V W;
}

/// <summary>The numbers that a fold carries side by side.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct RowSums<V>
{
    /// <summary>The first number, which the fold combines; the others are sums.</summary>
    public V A, B, C;
}
