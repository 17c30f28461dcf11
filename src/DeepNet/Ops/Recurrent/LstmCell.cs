namespace DeepNet.Ops;

/// <summary>Long short-term memory. The gates are input, forget, candidate, output; the memory is the cell.</summary>
internal readonly struct LstmCell : ICell, ISampled
{
    public static string Name => "lstm";
    public static int Gates => 4;
    public static bool HasMemory => true;
    public static bool KeepsProducts => false;

    [MethodImpl(AggressiveInlining)]
    public static void Forward<V>(ref CellValues<V> cell) where V : INumber<V>
    {
        V input = V.Apply(default(Sigmoid), cell.Gate0), forget = V.Apply(default(Sigmoid), cell.Gate1);
        V candidate = V.Tanh(cell.Gate2), output = V.Apply(default(Sigmoid), cell.Gate3);
        V memory = V.Fma(forget, cell.Before, input * candidate);
        (cell.Gate0, cell.Gate1, cell.Gate2, cell.Gate3) = (input, forget, candidate, output);
        (cell.Saved, cell.Hidden) = (memory, output * V.Tanh(memory));
    }

    [MethodImpl(AggressiveInlining)]
    public static void Backward<V>(in CellValues<V> cell, ref CellGradients<V> gradients) where V : INumber<V>
    {
        V input = cell.Gate0, forget = cell.Gate1, candidate = cell.Gate2, output = cell.Gate3, shown = V.Tanh(cell.Saved);
        V memory = gradients.Memory + Tanh.Backward(default, shown, shown, gradients.Hidden * output);
        gradients.Gate0 = Sigmoid.Backward(default, input, input, memory * candidate);
        gradients.Gate1 = Sigmoid.Backward(default, forget, forget, memory * cell.Before);
        gradients.Gate2 = Tanh.Backward(default, candidate, candidate, memory * input);
        gradients.Gate3 = Sigmoid.Backward(default, output, output, gradients.Hidden * shown);
        gradients.Before = memory * forget;
    }

    public static IEnumerable<Sample> Samples => FusedSequence<LstmCell>.Samples;
}
