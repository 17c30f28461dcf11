namespace DeepNet.Ops;

/// <summary>
/// The gated recurrent unit. The gates are reset, update, candidate; saved is what the hidden state gives to the candidate before it is
/// reset.
/// </summary>
internal readonly struct GruCell : ICell, ISampled
{
    public static string Name => "gru";
    public static int Gates => 3;
    public static bool HasMemory => false;
    public static bool KeepsProducts => true;

    [MethodImpl(AggressiveInlining)]
    public static void Forward<V>(ref CellValues<V> cell) where V : INumber<V>
    {
        V reset = V.Apply(default(Sigmoid), cell.Gate0 + cell.Product0), update = V.Apply(default(Sigmoid), cell.Gate1 + cell.Product1);
        V candidate = V.Tanh(V.Fma(reset, cell.Product2, cell.Gate2));
        (cell.Gate0, cell.Gate1, cell.Gate2) = (reset, update, candidate);
        (cell.Saved, cell.Hidden) = (cell.Product2, V.Fma(update, cell.Before - candidate, candidate));
    }

    [MethodImpl(AggressiveInlining)]
    public static void Backward<V>(in CellValues<V> cell, ref CellGradients<V> gradients) where V : INumber<V>
    {
        V reset = cell.Gate0, update = cell.Gate1, candidate = cell.Gate2, hidden = gradients.Hidden;
        V dUpdate = Sigmoid.Backward(default, update, update, hidden * (cell.Before - candidate));
        V dCandidate = Tanh.Backward(default, candidate, candidate, hidden * (V.Constant(1) - update));
        V dReset = Sigmoid.Backward(default, reset, reset, dCandidate * cell.Saved);
        (gradients.Gate0, gradients.Gate1, gradients.Gate2) = (dReset, dUpdate, dCandidate);
        (gradients.Product0, gradients.Product1, gradients.Product2) = (dReset, dUpdate, dCandidate * reset);
        gradients.Before = hidden * update;
    }

    public static IEnumerable<Sample> Samples => FusedSequence<GruCell>.Samples;
}
