using System.Diagnostics;
using System.Globalization;
using DeepNet.Printing;

namespace DeepNet;

[DebuggerTypeProxy(typeof(TensorDebugView))]
public sealed partial class Tensor : IFormattable
{
    /// <summary>
    /// The elements as NumPy prints them. The element type follows unless it is float32, int64 or bool, which the numbers
    /// themselves suggest; the shape follows if not all elements are shown. Always the same, whatever the culture.
    /// </summary>
    public override string ToString() => TensorPrinter.Print(this, PrintOptions.Default, null, CultureInfo.InvariantCulture);

    /// <summary>The same with other options.</summary>
    public string ToString(PrintOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return TensorPrinter.Print(this, options, null, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The elements each in a .NET number format, such as <c>F2</c> or <c>E3</c>, right-aligned; so <c>$"{x:F2}"</c> works.
    /// </summary>
    /// <param name="format">The format of an element; null or empty for the form of <see cref="ToString()"/>.</param>
    /// <param name="formatProvider">The culture; null means the invariant one, so that logs do not depend on who runs the program.</param>
    public string ToString(string? format, IFormatProvider? formatProvider = null)
        => TensorPrinter.Print(this, PrintOptions.Default, string.IsNullOrEmpty(format) ? null : format, formatProvider
        ?? CultureInfo.InvariantCulture);
}
