namespace DeepNet.Ops;

/// <summary>Padding: with a constant, or by taking elements of the tensor itself by an index.</summary>
internal static class Pad
{
    /// <summary>Pads axis by axis; lengths are (before, after) pairs for the last axes, in the order of the axes.</summary>
    public static Tensor Of(Tensor x, ReadOnlySpan<(int Before, int After)> lengths, PadMode mode, Scalar value)
    {
        if (lengths.Length > x.Rank)
            throw new ArgumentException(
                $"[pad] {lengths.Length} pairs of lengths for shape {x.Shape}: one for each of the last axes, so at most {x.Rank}.");
        return mode == PadMode.Constant ? Constant(x, lengths, value) : ByIndex(x, lengths, mode);
    }

    private static Tensor Constant(Tensor x, ReadOnlySpan<(int Before, int After)> lengths, Scalar value)
    {
        int added = x.Rank - lengths.Length;
        int[] starts = new int[x.Rank], whole = [.. x.Shape];
        for (int i = 0; i < lengths.Length; i++)
        {
            // Negative lengths cut off, before anything is put around.
            var (before, after) = lengths[i];
            int axis = i + added, cutBefore = Math.Max(0, -before), cutAfter = Math.Max(0, -after);
            if ((long)cutBefore + cutAfter > x.Shape[axis])
                throw new ArgumentException(
                    $"[pad] ({before}, {after}) on axis {axis} of shape {x.Shape} cuts off more than its length {x.Shape[axis]}.");
            if (cutBefore + cutAfter > 0) x = x.Narrow(axis, cutBefore, x.Shape[axis] - cutBefore - cutAfter);
            starts[axis] = Math.Max(0, before);
            whole[axis] = Axis.Length("pad", (long)x.Shape[axis] + starts[axis] + Math.Max(0, after), x.Shape);
        }
        var walks = new Walk[x.Rank];
        for (int i = 0; i < walks.Length; i++) walks[i] = new Walk(x.Shape[i], i);
        return Embed.Of(x, new AxisMap("pad", new Shape(whole), starts, walks), value);
    }

    private static Tensor ByIndex(Tensor x, ReadOnlySpan<(int Before, int After)> lengths, PadMode mode)
    {
        for (int i = 0; i < lengths.Length; i++)
        {
            var (before, after) = lengths[i];
            int axis = i + x.Rank - lengths.Length, length = x.Shape[axis];
            if (before == 0 && after == 0) continue;
            int most = mode switch { PadMode.Reflect => length - 1, PadMode.Circular => length, _ => length == 0 ? 0 : int.MaxValue };
            if (before < 0 || after < 0 || before > most || after > most)
                throw new ArgumentException(
                    $"[pad] ({before}, {after}) on axis {axis} of shape {x.Shape}, mode {mode}: each must be from 0 to "
                    + (most == int.MaxValue ? "any length." : $"{Math.Max(most, 0)}, because the axis has length {length}."));
            x = IndexSelect.OfChecked(
                x, axis, Tensor.From<long>(Places(before, length, after, mode), new Shape(before + length + after), x.Device));
        }
        return x;
    }

    /// <summary>Gets the source position of each position of the padded axis.</summary>
    private static long[] Places(int before, int length, int after, PadMode mode)
    {
        var places = new long[before + length + after];
        for (int i = 0; i < places.Length; i++)
        {
            int place = i - before;
            places[i] = mode switch
            {
                PadMode.Reflect => place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place,
                PadMode.Circular => place < 0 ? place + length : place >= length ? place - length : place,
                _ => Math.Clamp(place, 0, length - 1),
            };
        }
        return places;
    }
}
