using System.Globalization;
using System.Text.RegularExpressions;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;

namespace DeepNet.Ilgpu;

/// <summary>
/// OpenCL's drivers keep what they compiled on disk and find it again by its source. ILGPU names types and labels by numbers that depend on
/// what the process compiled before; here they are numbered as they come in the source, so that a kernel that any program has used is not
/// compiled again in another.
/// </summary>
internal static partial class StableSource
{
    public static CLCompiledKernel Of(Context context, CLCompiledKernel kernel)
        => new(context, (SeparateViewEntryPoint)EntryPointOf(kernel), kernel.Info, Renumbered(kernel.Source), kernel.CVersion);

    public static string Renumbered(string source)
    {
        var names = new Dictionary<string, string>();
        return Numbered().Replace(source, found =>
        {
            if (!names.TryGetValue(found.Value, out string? name))
                names.Add(found.Value, name = string.Create(CultureInfo.InvariantCulture, $"{found.Groups[1]}_{names.Count}"));
            return name;
        });
    }

    [GeneratedRegex(@"\b(L|type)_[0-9]+")]
    private static partial Regex Numbered();

    // What a compiled kernel was made for is ILGPU's own matter; a kernel with another source is made for the same.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern EntryPoint EntryPointOf(CompiledKernel kernel);
}
