namespace DeepNet.Replay;

/// <summary>An input or a result, whose memory is another one at each call.</summary>
/// <param name="number">The number of the value.</param>
internal sealed class PlannedValue(int number)
{
    private readonly List<View> views = [];

    public int Number => number;

    /// <summary>Gets the memory of this call.</summary>
    public Storage? Storage { get; private set; }

    /// <summary>Adds an operand that is a view of it.</summary>
    public void Add(Tensor?[] operands, int place, Shape shape, nint[] strides, nint offset)
        => views.Add(new View(shape, strides, offset, [(operands, place)]));

    /// <summary>Adds an operand that is the same object as another one of the kernel.</summary>
    public void Add(Tensor?[] operands, int place, int sameAs)
        => views.First(view => view.Places.Any(p => ReferenceEquals(p.Operands, operands) && p.Place == sameAs)).Places.Add((operands, place));

    /// <summary>Makes the views of the memory of a call.</summary>
    public void Show(Storage storage, nint offset)
    {
        Storage = storage;
        foreach (var view in views)
        {
            var tensor = Tensor.Over(storage, view.Shape, view.Strides, view.Offset + offset);
            foreach (var (operands, place) in view.Places) operands[place] = tensor;
        }
    }

    /// <summary>Lets go of them.</summary>
    public void Hide()
    {
        Storage = null;
        foreach (var view in views)
            foreach (var (operands, place) in view.Places) operands[place] = null;
    }

    private sealed record View(Shape Shape, nint[] Strides, nint Offset, List<(Tensor?[] Operands, int Place)> Places);
}
