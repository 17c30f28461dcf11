using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// Represents the number of steps of one parameter, and what its optimizer remembers of it. Each counts its own steps: a parameter that was
/// frozen at first starts at 1 when it thaws.
/// </summary>
public sealed class ParameterProgress
{
    internal ParameterProgress(Parameter parameter) => Parameter = parameter;

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; }

    /// <summary>The number of this parameter's steps, the present one included: 1 at the first.</summary>
    public long Step { get; internal set; }

    /// <summary>A number that a rule's maker may keep from step to step; 0 before the first.</summary>
    public double Carry { get; set; }

    /// <summary>Gets or sets a value that is true if another process updates the parameter, and remembers its state.</summary>
    internal bool IsElsewhere { get; set; }

    internal Tensor? State0, State1, State2;

    internal Tensor? this[int index]
    {
        get => index switch { 0 => State0, 1 => State1, _ => State2 };
        set
        {
            if (value is not null) Memory.Keep(value); // a step may run in a memory scope; what is remembered outlives it
            switch (index)
            {
                case 0: State0 = value; break;
                case 1: State1 = value; break;
                default: State2 = value; break;
            }
        }
    }

    /// <summary>
    /// Makes the first states where they are missing, and lets them follow a parameter that moved to another device or element type.
    /// </summary>
    internal void Prepare(int count, double start)
    {
        for (int i = 0; i < count; i++) Prepare(i, Parameter.Shape, start);
    }

    /// <summary>Does that for one state, which may have another shape than the parameter.</summary>
    internal Tensor Prepare(int index, Shape shape, double start = 0)
    {
        var value = Parameter.Value;
        var state = this[index];
        if (state is null)
            this[index] = state = Tensor.Full(shape, start, value.DType, value.Device);
        else if (state.DType != value.DType || !ReferenceEquals(state.Device, value.Device))
            this[index] = state = state.To(value.DType).To(value.Device);
        return state;
    }
}
