namespace DeepNet.Devices;

/// <summary>The last stage of a row operator: what becomes of each element, or the one number that a row gives.</summary>
/// <typeparam name="TSelf">The map itself.</typeparam>
public interface IRowMap<TSelf> where TSelf : unmanaged, IRowMap<TSelf>
{
    /// <summary>
    /// What becomes of an element; for <see cref="IResult"/> the number of the row, and then the element is the one at its label, if it
    /// has one.
    /// </summary>
    static abstract V Of<V>(TSelf map, in RowElement<V> e, in RowState<V> k) where V : INumber<V>;

    /// <summary>Computes numbers of a row of <paramref name="n"/> elements from what it is given, before anything else.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual void Prepare<V>(TSelf map, in RowGiven<V> given, V n, ref RowState<V> k) where V : INumber<V> { }

    /// <summary>Of <see cref="IMapsTerms"/>: the same as <see cref="Of"/>, from the second fold's term.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual V OfTerm<V>(TSelf map, V term, in RowState<V> k) where V : INumber<V> => term;

    /// <summary>Of <see cref="ILabelled"/>: the result at the label, from what the map gave there.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual V AtLabel<V>(TSelf map, V y, in RowState<V> k) where V : INumber<V> => y;
}

/// <summary>A map that gives one number for each row.</summary>
public interface IResult;

/// <summary>A map of the second fold's terms: a device may keep them instead of computing them twice.</summary>
public interface IMapsTerms;

/// <summary>A map of rows that are given something: a gradient, or numbers that an earlier pass saved.</summary>
public interface IGiven;

/// <summary>A map of rows with labels. Rows whose label is to be ignored give 0.</summary>
public interface ILabelled : IGiven;
