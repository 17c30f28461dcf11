using System.Globalization;
using System.Text;
using DeepNet.Devices.Cpu;

namespace DeepNet.Printing;

/// <summary>
/// Lays the elements of a tensor out in nested brackets, as NumPy does: wrapped lines, and dots in the middle of long axes.
/// </summary>
internal sealed unsafe class TensorPrinter
{
    private const string Gap = "...";

    private readonly Tensor tensor;
    private readonly PrintOptions options;
    private readonly bool isShortened;
    private readonly ElementFormat format;

    private TensorPrinter(Tensor tensor, PrintOptions options, string? elementFormat, IFormatProvider culture)
    {
        this.tensor = tensor;
        this.options = options;
        isShortened = tensor.Count > options.Threshold;
        var shown = new List<Element>();
        if (tensor.Count > 0) Collect(0, tensor.Offset, shown);    // an axis beside an empty one may be as long as it likes
        var numbers = NumberFormatInfo.GetInstance(culture);
        if (tensor.DType == DType.Bool && tensor.Rank > 0) format = ElementFormat.Bools;
        else if (elementFormat is not null || !tensor.DType.IsFloating())
            format = ElementFormat.Aligned(shown, element => element.ToString(elementFormat, culture));
        else if (tensor.Rank == 0) format = ElementFormat.Aligned(shown, element => FloatFormat.Single(element, numbers));
        else format = new FloatFormat(shown, options.Precision, numbers);
    }

    /// <summary>The text of a tensor on any device; see <see cref="Tensor.ToString()"/>.</summary>
    public static string Print(Tensor tensor, PrintOptions options, string? elementFormat, IFormatProvider culture)
    {
        var local = tensor.Detach().To(Device.Cpu);
        var printer = new TensorPrinter(local, options, elementFormat, culture);
        string text = tensor.Count == 0 ? "[]" : printer.Axis(0, local.Offset, " ", options.LineWidth);
        local.EndRead("print");
        if (tensor.Count == 0 || printer.isShortened) text += $" shape {tensor.Shape}";
        return tensor.DType is DType.Float32 or DType.Int64 or DType.Bool ? text : $"{text} {tensor.DType.Name()}";
    }

    private bool IsCut(int axis) => isShortened && tensor.Shape[axis] > 2 * options.EdgeItems;

    /// <summary>The places along an axis that are shown; −1 stands for the gap.</summary>
    private IEnumerable<int> Places(int axis)
    {
        int length = tensor.Shape[axis];
        if (!IsCut(axis))
        {
            for (int i = 0; i < length; i++) yield return i;
            yield break;
        }
        for (int i = 0; i < options.EdgeItems; i++) yield return i;
        yield return -1;
        for (int i = length - options.EdgeItems; i < length; i++) yield return i;
    }

    private void Collect(int axis, nint offset, List<Element> into)
    {
        if (axis == tensor.Rank)
        {
            into.Add(Read(offset));
            return;
        }
        foreach (int i in Places(axis))
            if (i >= 0) Collect(axis + 1, offset + i * tensor.Strides[axis], into);
    }

    private string Axis(int axis, nint offset, string indent, int width)
    {
        if (axis == tensor.Rank) return format.Write(Read(offset));
        var text = new StringBuilder("[");
        if (axis == tensor.Rank - 1) Row(text, offset, indent, width);
        else
        {
            string separator = new string('\n', tensor.Rank - 1 - axis) + indent;
            bool isFirst = true;
            foreach (int i in Places(axis))
            {
                if (!isFirst) text.Append(separator);
                isFirst = false;
                text.Append(i < 0 ? Gap : Axis(axis + 1, offset + i * tensor.Strides[axis], indent + ' ', width - 1));
            }
        }
        return text.Append(']').ToString();
    }

    /// <summary>The last axis: elements beside each other, in as many lines as they need.</summary>
    private void Row(StringBuilder text, nint offset, string indent, int width)
    {
        int column = indent.Length;
        foreach (int i in Places(tensor.Rank - 1))
        {
            string word = i < 0 ? Gap : format.Write(Read(offset + i * tensor.Strides[^1]));
            // A line that holds nothing yet would not get shorter by being broken.
            if (column > indent.Length)
            {
                if (column + 1 + word.Length > width - 1)
                {
                    while (text[^1] == ' ') text.Length--;
                    text.Append('\n').Append(indent);
                    column = indent.Length;
                }
                else
                {
                    text.Append(' ');
                    column++;
                }
            }
            text.Append(word);
            column += word.Length;
        }
    }

    private Element Read(nint offset)
    {
        void* start = (void*)tensor.Storage.Address;
        return tensor.DType switch
        {
            DType.Bool => Read<byte, BoolElement>(start, offset),
            DType.UInt8 => Read<byte, UInt8Element>(start, offset),
            DType.Int8 => Read<sbyte, Int8Element>(start, offset),
            DType.Int32 => Read<int, Int32Element>(start, offset),
            DType.Int64 => Read<long, Int64Element>(start, offset),
            DType.Float16 => Read<Half, HalfElement>(start, offset),
            DType.BFloat16 => Read<BFloat16, BFloat16Element>(start, offset),
            DType.Float32 => Read<float, SingleElement>(start, offset),
            _ => Read<double, DoubleElement>(start, offset),
        };
    }

    private Element Read<T, TElement>(void* start, nint offset) where T : unmanaged where TElement : IElement<T>
    {
        T x = ((T*)start)[offset];
        return new(TElement.ToDouble(x), TElement.IsWhole ? TElement.ToInt64(x) : 0, tensor.DType);
    }
}
