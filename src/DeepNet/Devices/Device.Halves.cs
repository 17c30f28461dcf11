using System.Diagnostics.CodeAnalysis;

namespace DeepNet;

// Copies of operands that live while a kernel runs.
//
// Kernels may take operands of a half type: two of the same one, with a result in it or in float32, sums and all arithmetic in float32, and
// one rounding at the end. A device without a kernel of its own for that widens what goes in and rounds what comes out, with these.
public abstract partial class Device
{
    /// <summary>Gives back a copy that was made for a kernel, if it is one.</summary>
    internal static void GiveBack(Tensor? copy, Tensor? original)
    {
        if (copy is not null && !ReferenceEquals(copy.Storage, original?.Storage)) copy.Storage.Release();
    }

    /// <summary>
    /// Half tensors as float32 while a kernel runs, everything else as it is. Disposing it rounds what was written and gives the copies
    /// back.
    /// </summary>
    private protected ref struct Widening
    {
        private List<(Tensor Wide, Tensor? Target)>? copies;

        /// <summary>An operand: a copy without history. A transposed matrix stays one, so that nothing is put in order twice.</summary>
        [return: NotNullIfNotNull(nameof(x))]
        public Tensor? Read(Tensor? x)
        {
            if (x is null || !x.DType.IsHalf()) return x;
            x = x.Detach();
            return Keep(
                x.Rank < 2 || x.IsContiguous || !x.Transpose(-1, -2).IsContiguous ? x.To(DType.Float32)
                    : x.Transpose(-1, -2).To(DType.Float32).Transpose(-1, -2), null);
        }

        /// <summary>A result: a dense tensor beside it, which begins with its elements if the kernel adds to them.</summary>
        [return: NotNullIfNotNull(nameof(y))]
        public Tensor? Write(Tensor? y, bool adds = false)
        {
            if (y is null || !y.DType.IsHalf()) return y;
            var wide = Keep(Tensor.Allocate(y.Shape, DType.Float32, y.Device), y);
            if (adds) y.Device.Copy(y, wide);
            return wide;
        }

        /// <summary>Rounds the results and gives the copies back.</summary>
        public readonly void Dispose()
        {
            if (copies is null) return;
            foreach (var (wide, target) in copies)
            {
                target?.Device.Copy(wide, target);
                wide.Storage.Release();
            }
        }

        private Tensor Keep(Tensor wide, Tensor? target)
        {
            (copies ??= []).Add((wide, target));
            return wide;
        }
    }
}
