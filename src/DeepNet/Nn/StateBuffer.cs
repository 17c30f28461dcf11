using DeepNet.IO;

namespace DeepNet.Nn;

/// <summary>
/// A tensor that belongs to a module's state but is not learned, such as the running mean of a batch normalisation. A holder,
/// for the same reason as <see cref="Parameter"/>.
/// </summary>
public sealed class StateBuffer : IGuarded
{
    private Tensor value;

    /// <summary>Makes a buffer of a tensor.</summary>
    public StateBuffer(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = Memory.Keep(value.Detach());
    }

    /// <summary>The tensor.</summary>
    public Tensor Value
    {
        get
        {
            if (Listener.IsOn) Recording.Looked(this);
            return value;
        }
        private set => this.value = value;
    }

    string IGuarded.Title => $"the tensor of {this}";

    object? IGuarded.State => value;

    bool IGuarded.IsStill(object? state) => ReferenceEquals(state, value);

    /// <summary>The path in the model; empty until a model has been asked for its state.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Puts another tensor in place; it outlives memory scopes.</summary>
    public void Replace(Tensor replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        if (Listener.IsOn) Listener.RefuseAll("buffer", $"puts another tensor into {this}");
        Value = Memory.Keep(replacement.Detach());
    }

    /// <summary>Puts another tensor in place as it is, and returns the one that was there.</summary>
    internal Tensor Exchange(Tensor other)
    {
        var own = Value;
        Value = other;
        return own;
    }

    /// <summary>The tensor, so that a buffer can stand wherever a tensor is asked for.</summary>
    public static implicit operator Tensor(StateBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return buffer.Value;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Name.Length == 0 ? "buffer" : Printable.Line(Name))} {Value.DType.Name()} {Value.Shape}";
}
