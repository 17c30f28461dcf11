using System.Runtime.InteropServices;

namespace DeepNet.Onnx;

/// <summary>The state of a run that its operators ask for.</summary>
internal sealed class RunContext(Tensor?[] frame, bool isTraining, long mostElements)
{
    public Tensor?[] Frame => frame;

    /// <summary>Gets a value that is true while the model is trained: then batch normalisation uses the batch.</summary>
    public bool IsTraining => isTraining;

    /// <summary>Gets the largest number of elements that an operator may make of none.</summary>
    public long MostElements => mostElements;

    /// <summary>Gets who uses which memory, where it is to be given back as soon as nobody does; null while gradients are
    /// recorded.</summary>
    public StorageUses? Uses { get; init; }

    /// <summary>Gets the results of operators whose inputs are shapes alone, which were computed by an earlier run.</summary>
    public ShapeMemory? Shapes { get; init; }
}

/// <summary>An operator's inputs and attributes in one run.</summary>
internal readonly struct Call(Step step, Tensor?[] inputs, RunContext context)
{
    public Step Step => step;

    public RunContext Context => context;

    /// <summary>Gets the version of the operator set.</summary>
    public long Version => step.Version;

    /// <summary>Gets the number of inputs, those that are left out in between included.</summary>
    public int Count => inputs.Length;

    public Tensor?[] All => inputs;

    /// <summary>Gets an input that must be there.</summary>
    public Tensor this[int index] => Optional(index) ?? throw new ArgumentException($"input {index} is missing.");

    public Tensor? Optional(int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>Gets a value indicating whether somebody wants an output.</summary>
    public bool Wants(int output) => output < step.Outputs.Length && step.Outputs[output] >= 0;

    public bool Has(string name) => step.Attribute(name) is not null;

    public long Int(string name, long otherwise) => step.Attribute(name)?.Int ?? otherwise;

    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public double Float(string name, double otherwise) => step.Attribute(name)?.Float ?? otherwise;

    public string Text(string name, string otherwise) => step.Attribute(name)?.Text ?? otherwise;

    public int[]? Ints(string name) => step.Attribute(name) is { } attribute ? ToInts(CollectionsMarshal.AsSpan(attribute.Ints)) : null;

    /// <summary>Gets the elements of an input of integers.</summary>
    public long[] Longs(int index) => this[index].ToArray<long>();

    /// <summary>Gets the integers of an input, or of an attribute where the operator had one before; null if neither is there.</summary>
    public int[]? Ints(int index, string name) => Optional(index) is { } tensor ? ToInts(tensor.ToArray<long>()) : Ints(name);

    /// <summary>Gets the axis that an attribute says, counted from the first.</summary>
    public int Axis(string name, long otherwise, int rank) => Wrap(Int(name, otherwise), rank);

    /// <summary>Counts an axis from the first.</summary>
    public static int Wrap(long axis, int rank)
    {
        if (axis < -rank || axis >= Math.Max(rank, 1)) throw new ArgumentException($"there is no axis {axis} of {rank}.");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    public static int[] WrapAll(int[] axes, int rank) => [.. axes.Select(axis => Wrap(axis, rank))];

    /// <summary>Converts to int; what is beyond becomes the largest or smallest.</summary>
    public static int[] ToInts(ReadOnlySpan<long> values)
    {
        var ints = new int[values.Length];
        for (int i = 0; i < ints.Length; i++) ints[i] = (int)Math.Clamp(values[i], int.MinValue, int.MaxValue);
        return ints;
    }

    /// <summary>Throws if a result, which is made of little, has more elements than are allowed.</summary>
    public Shape Made(ReadOnlySpan<int> lengths)
    {
        long count = 1;
        foreach (int length in lengths)
        {
            if (length < 0) throw new ArgumentException($"a length of {length} is negative.");
            if (length > 0 && count > context.MostElements / length)
                throw new ArgumentException($"the result has more than {context.MostElements:N0} elements, the limit of "
                    + "OnnxLimits.MaxMadeElements.");
            count *= Math.Max(length, 1);
        }
        return new Shape(lengths);
    }

    /// <summary>Gets one of the graphs among the attributes.</summary>
    public Plan Graph(string name)
        => step.Graphs.TryGetValue(name, out var plan) ? plan : throw new ArgumentException($"there is no graph '{name}'.");

    /// <summary>Runs one of the graphs among the attributes and gets its outputs.</summary>
    public Tensor?[] Run(string graph)
    {
        var plan = Graph(graph);
        Runner.Run(plan, context);
        var frame = context.Frame;
        return [.. plan.Outputs.Select(place => place < 0 ? null : frame[place])];
    }
}
