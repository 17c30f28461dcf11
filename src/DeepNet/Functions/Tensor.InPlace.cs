using DeepNet.Ops;

namespace DeepNet;

// Changes of the elements where they lie. They are recorded: the tensor, and all views of it, depend from then on on what was written.
public sealed partial class Tensor
{
    /// <summary>Adds another tensor, broadcast to this one's shape, in place.</summary>
    /// <remarks>
    /// While recording, the change is recorded as other operations are, also that of a view, such as <c>t[1].AddInPlace(x)</c>; it is an
    /// error for a leaf that requires a gradient and its views. What a derivative needs and is written over makes
    /// <see cref="Backward"/> fail. A tensor that several threads use must not be changed meanwhile.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Elements of this tensor share memory, as expanded ones do; the result's element type
    /// does not fit into this one's; or the tensor is a leaf.</exception>
    public Tensor AddInPlace(Tensor other) => InPlace.Apply(new Add(), this, other);

    /// <summary>Subtracts another tensor, broadcast to this one's shape, in place.</summary>
    /// <inheritdoc cref="AddInPlace"/>
    public Tensor SubInPlace(Tensor other) => InPlace.Apply(new Sub(), this, other);

    /// <summary>Multiplies by another tensor, broadcast to this one's shape, in place.</summary>
    /// <inheritdoc cref="AddInPlace"/>
    public Tensor MulInPlace(Tensor other) => InPlace.Apply(new Mul(), this, other);

    /// <summary>Divides by another tensor, broadcast to this one's shape, in place.</summary>
    /// <inheritdoc cref="AddInPlace"/>
    public Tensor DivInPlace(Tensor other) => InPlace.Apply(new Div(), this, other);

    /// <summary>Overwrites all elements with a number, in place.</summary>
    /// <inheritdoc cref="AddInPlace" path="/remarks"/>
    /// <exception cref="InvalidOperationException">Elements of this tensor share memory, as expanded ones do; the number's type does not
    /// fit into that of the elements; or the tensor is a leaf.</exception>
    public Tensor FillInPlace(Scalar value)
    {
        bool isRecorded = CheckInPlace("fill");
        if (value.Kind == ScalarKind.Floating) CheckFits("fill", DType.Float32);
        DTypes.CheckHolds("fill", DType, value);
        using var writing = storage.Write();
        Kernels.Fill(this, value);
        MarkChanged();
        if (isRecorded) InPlace.Record("fill", this, this, null);
        if (Listener.IsOn) Recording.Applied("fill", value, this, this);
        return this;
    }

    /// <summary>Overwrites this tensor with another, broadcast and converted as by <see cref="To(DType)"/>, in place.</summary>
    /// <inheritdoc cref="AddInPlace" path="/remarks"/>
    /// <exception cref="InvalidOperationException">Elements of this tensor share memory, as expanded ones do, or it is a leaf.</exception>
    public Tensor CopyFrom(Tensor source)
    {
        ArgumentNullException.ThrowIfNull(source);
        bool isRecorded = CheckInPlace("copy", source);
        InPlace.CheckShape("copy", this, source);
        using var writing = storage.Write();
        InPlace.Write("copy", this, this, source.To(Device).To(DType).Expand(Shape), isRecorded);
        return this;
    }

    /// <summary>Writes the result of a formula of this tensor and another over this one, without a record.</summary>
    internal void ZipInto<TOp>(TOp op, Tensor other) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (other.DType != DType) other = other.To(DType);
        if (!ReferenceEquals(Device, other.Device)) throw Elementwise.DifferentDevices(TOp.Name, this, other);
        InPlace.CheckShape(TOp.Name, this, other);
        if ((IsContiguous || (IsChannelsLast && Device.KnowsChannelsLast)) && !DType.IsHalf())
        {
            Kernels.Zip(op, this, other.AwayFrom(this), this);
        }
        else
        {
            using (GradSwitch.Off()) Kernels.Copy(Elementwise.Apply(op, this, other), this);
        }
        MarkChanged();
    }

    /// <summary>Adds another tensor to memory that nobody else sees.</summary>
    internal void AddInto(Tensor other) => ZipInto(new Add(), other);

    /// <summary>This tensor, or a copy if writing to <paramref name="target"/> would change what is still to be read of it.</summary>
    internal Tensor AwayFrom(Tensor target)
        => ReferenceEquals(storage, target.storage)
        && !(ReferenceEquals(shape, target.shape) && offset == target.offset && ReferenceEquals(strides, target.strides))
            ? CopyDense() : this;
}
