namespace DeepNet.Devices;

/// <summary>
/// A recurrent cell, as the formula of one unit at one step and the formula of its gradient. The CPU loop, the GPU kernel, and the cell in
/// tensor operations come from it; matrix products, steps and directions are the same for all cells.
/// </summary>
/// <remarks>
/// A cell has up to four gates. What enters a gate is the sum of the projected input and the projected hidden state, unless the cell needs
/// the latter by itself (<see cref="KeepsProducts"/>). What a unit hands on to the next step is its hidden state, or a memory of its own.
/// </remarks>
public interface ICell
{
    /// <summary>Gets the name in error messages and traces.</summary>
    static abstract string Name { get; }

    /// <summary>Gets the number of gates, from 1 to 4.</summary>
    static abstract int Gates { get; }

    /// <summary>Gets whether units have a memory beside the hidden state: <see cref="CellValues{V}.Saved"/> of the step before.</summary>
    static abstract bool HasMemory { get; }

    /// <summary>Gets whether the formula reads the projected hidden state apart from the projected input.</summary>
    static abstract bool KeepsProducts { get; }

    /// <summary>Turns what enters the gates into their values, and computes what is saved and the hidden state.</summary>
    static abstract void Forward<V>(ref CellValues<V> cell) where V : INumber<V>;

    /// <summary>Computes the gradients of what enters the gates and of what came from the step before.</summary>
    static abstract void Backward<V>(in CellValues<V> cell, ref CellGradients<V> gradients) where V : INumber<V>;
}

/// <summary>The numbers of one unit at one step.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct CellValues<V>
{
    /// <summary>The sums that enter the gates, then their values.</summary>
    public V Gate0, Gate1, Gate2, Gate3;

    /// <summary>The projected hidden state, where it is apart.</summary>
    public V Product0, Product1, Product2, Product3;

    /// <summary>The memory before the step; the hidden state before it where there is no memory.</summary>
    public V Before;

    /// <summary>The memory after the step; or anything that the gradient needs.</summary>
    public V Saved;

    /// <summary>The hidden state after the step.</summary>
    public V Hidden;
}

/// <summary>The gradients of <see cref="CellValues{V}"/>.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct CellGradients<V>
{
    /// <summary>Of the hidden state and of the memory after the step, which are known.</summary>
    public V Hidden, Memory;

    /// <summary>Of the projected input.</summary>
    public V Gate0, Gate1, Gate2, Gate3;

    /// <summary>Of the projected hidden state, where it is apart.</summary>
    public V Product0, Product1, Product2, Product3;

    /// <summary>Of <see cref="CellValues{V}.Before"/>, other than through the product.</summary>
    public V Before;
}
