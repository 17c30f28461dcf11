namespace DeepNet.Ops;

/// <summary>
/// In-place changes, recorded where a gradient is to pass: the tensor that has the memory, of which the changed one may be a view, gets a
/// new node, and its views find theirs when they are used next.
/// </summary>
internal static class InPlace
{
    /// <summary>Applies a formula to a tensor and another one, which is broadcast to its shape, and writes the result over the
    /// first.</summary>
    public static Tensor Apply<TOp>(TOp op, Tensor x, Tensor other) where TOp : unmanaged, IBinaryOp<TOp>
    {
        ArgumentNullException.ThrowIfNull(other);
        other = Fitting(TOp.Name, Constant.Follow(other, x.Device), x.DType);
        bool isRecorded = x.CheckInPlace(TOp.Name, other);
        x.CheckFits(TOp.Name, TOp.OnIntegers ? other.DType : DTypes.ComputeFloating(other.DType));
        using var writing = x.Storage.Write();
        if (!isRecorded)
        {
            x.ZipInto(op, other);
            other.EndRead(TOp.Name);
            if (Listener.IsOn) Recording.Applied(TOp.Name, op, x, x, other);
            return x;
        }
        CheckShape(TOp.Name, x, other);
        // A derivative that reads old elements reads them from a copy.
        if (ReferenceEquals(other.Storage, x.Storage)) other = other.Clone();
        bool readsOld = other.Node is not null && NeedsBinary<TOp>.ForB.Reads(Uses.A);
        Write(TOp.Name, x, x, Elementwise.Apply(op, readsOld ? x.Clone() : x, other.To(x.DType)), isRecorded);
        return x;
    }

    // An integer of C# comes as an int64 without axes: among integers of one byte it is one of them, if it is not too large.
    private static Tensor Fitting(string op, Tensor other, DType dtype)
    {
        if (!dtype.IsSmallInteger() || other.Rank > 0 || other.DType != DType.Int64) return other;
        DTypes.CheckHolds(op, dtype, other.Item<long>());
        return other.To(dtype);
    }

    /// <summary>Throws if another tensor cannot be broadcast to the shape of the one that it is to change.</summary>
    public static void CheckShape(string op, Tensor x, Tensor other)
    {
        if (Axis.Broadcast(op, x.Shape, other.Shape).Equals(x.Shape)) return;
        throw new ArgumentException($"[{op}] a tensor of shape {x.Shape} cannot be changed in place with one of shape {other.Shape}: the "
            + "result would be larger.");
    }

    /// <summary>Writes a value over a part of a tensor, and records it if it is to be.</summary>
    /// <param name="op">The operator that asks.</param>
    /// <param name="x">The tensor, whose memory the caller keeps.</param>
    /// <param name="part">The tensor itself or a view of it; its own history is not asked.</param>
    /// <param name="value">The value in the shape of the part, or of the places.</param>
    /// <param name="isRecorded">What <see cref="Tensor.CheckInPlace"/> said.</param>
    /// <param name="places">The places of the part; null for all of it.</param>
    public static void Write(string op, Tensor x, Tensor part, Tensor value, bool isRecorded, Places? places = null)
    {
        if (places is not null) places.Put(part, value);
        else part.Kernels.Copy(ReferenceEquals(value.Storage, part.Storage) ? value.CopyDense() : value, part);
        x.MarkChanged();
        value.EndRead(op);
        if (isRecorded) Record(op, x, part, value, places);
        if (Listener.IsOn) Recording.Applied(op, places, x, x, value);
    }

    /// <summary>Records that a part of a tensor was written over: with a value, or with one that has no gradient if it is null.</summary>
    public static void Record(string op, Tensor x, Tensor part, Tensor? value, Places? places = null)
    {
        var root = x.Root;
        var region = new MemoryMap(root, part);
        bool isAll = region.IsWhole && places is null;
        var node = new Overwrite(op, isAll ? null : root.Node, value?.Node, region, places);
        root.Rebase(node);
        if (!Anomaly.IsOn) return;
        node.ModulePath = Devices.ThreadContext.Current.ModulePath;
        Anomaly.CheckResult(op, part.Detach(), value);
    }
}
