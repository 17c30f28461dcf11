using System.Globalization;

namespace DeepNet.Printing;

/// <summary>Writes the elements of one tensor so that their columns align.</summary>
internal abstract class ElementFormat
{
    /// <summary>Writes the element.</summary>
    public abstract string Write(in Element element);

    /// <summary>Bools: True and False, in columns of one width even where all are true.</summary>
    public static ElementFormat Bools { get; } = new Padded(element => element.ToString(), "False".Length);

    /// <summary>Whatever a function writes, padded on the left to one width.</summary>
    public static ElementFormat Aligned(IReadOnlyList<Element> elements, Func<Element, string> write)
    {
        int width = 0;
        foreach (var element in elements) width = Math.Max(width, write(element).Length);
        return new Padded(write, width);
    }

    private sealed class Padded(Func<Element, string> write, int width) : ElementFormat
    {
        public override string Write(in Element element) => write(element).PadLeft(width);
    }
}

/// <summary>
/// An element as it is read for printing: integers and bools exactly, fractions in double precision, which holds all of them.
/// </summary>
internal readonly record struct Element(double Real, long Whole, DType DType)
{
    /// <summary>As the standard formats of .NET write it; null means the plain form.</summary>
    public string ToString(string? format, IFormatProvider culture) => DType switch
    {
        DType.Bool => Whole != 0 ? "True" : "False",
        < DType.Float16 => Whole.ToString(format, culture),
        DType.Float64 => Real.ToString(format, culture),
        _ => ((float)Real).ToString(format, culture),
    };

    /// <summary>The plain form in the invariant culture.</summary>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);
}
