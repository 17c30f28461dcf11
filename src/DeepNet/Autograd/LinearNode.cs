namespace DeepNet;

/// <summary>The node of a linear operator of one input, whose derivative reads nothing but shapes.</summary>
/// <param name="source">The input's node.</param>
internal abstract class LinearNode(Node source) : Node(source)
{
    /// <summary>Gets the input's node.</summary>
    private protected Node Source { get; } = source;

    public sealed override int InputCount => 1;
    public sealed override Node? Input(int index) => Source;
    internal sealed override void Free() { }
}
