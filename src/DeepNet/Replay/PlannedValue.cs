namespace DeepNet.Replay;

/// <summary>An input or a result, whose memory is another one at each call.</summary>
/// <param name="number">The number of the value.</param>
internal sealed class PlannedValue(int number)
{
    private View[] views = [];

    /// <summary>Gets the number of the value.</summary>
    public int Number => number;

    /// <summary>Gets the memory of this call.</summary>
    public Storage? Storage { get; private set; }

    /// <summary>Adds an operand that is a view of it.</summary>
    public void Add(Tensor?[] operands, int place, Shape shape, nint[] strides, nint offset)
        => views = [.. views, new View(shape, strides, offset, [(operands, place)])];

    /// <summary>Adds an operand that is the same object as another one of the kernel.</summary>
    public void Add(Tensor?[] operands, int place, int sameAs)
    {
        int view = Array.FindIndex(views, v => v.Places.Any(p => ReferenceEquals(p.Operands, operands) && p.Place == sameAs));
        views[view] = views[view] with { Places = [.. views[view].Places, (operands, place)] };
    }

    /// <summary>Makes the views of the memory of a call.</summary>
    public void Show(Storage storage, nint offset)
    {
        Storage = storage;
        foreach (ref readonly var view in views.AsSpan())
        {
            var tensor = Tensor.Over(storage, view.Shape, view.Strides, view.Offset + offset);
            foreach (var (operands, place) in view.Places) operands[place] = tensor;
        }
    }

    /// <summary>Lets go of them.</summary>
    public void Hide()
    {
        Storage = null;
        foreach (ref readonly var view in views.AsSpan())
            foreach (var (operands, place) in view.Places) operands[place] = null;
    }

    private readonly record struct View(Shape Shape, nint[] Strides, nint Offset, (Tensor?[] Operands, int Place)[] Places);
}
