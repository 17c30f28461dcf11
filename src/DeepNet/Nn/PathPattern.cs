using System.Text.RegularExpressions;
using DeepNet.IO;

namespace DeepNet.Nn;

/// <summary>
/// A pattern of paths in a module: a path that may hold <c>*</c> for any characters, also dots, and <c>?</c> for one; several behind each
/// other with <c>|</c>. A pattern that fits a module stands for all that is inside.
/// </summary>
internal static class PathPattern
{
    private const int MostNear = 5;

    /// <summary>Returns the parts whose paths fit; an error for a pattern that fits none.</summary>
    public static List<(string Path, T Part)> Find<T>(string op, string pattern, Module module, IEnumerable<(string Path, T Part)> parts)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var all = parts.ToList();
        var patterns = pattern.Split('|', StringSplitOptions.TrimEntries).ToDictionary(single => single, Compile);
        foreach (var (single, expression) in patterns)
            if (!all.Any(part => expression.IsMatch(part.Path)))
                throw new ArgumentException($"[{op}] nothing in this {module.GetType().Name} fits '{Printable.Line(single)}'. "
                    + Near(single, all.Select(part => part.Path)));
        return [.. all.Where(part => patterns.Values.Any(expression => expression.IsMatch(part.Path)))];
    }

    /// <summary>A sentence with the paths that are like a name, of parts and of what they are inside of.</summary>
    public static string Near(string name, IEnumerable<string> paths)
    {
        var known = new HashSet<string>();
        foreach (string path in paths)
            for (int end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1)) known.Add(path[..end]);
        if (known.Count == 0) return "It has no parts.";
        string core = name.Trim('*', '.');
        var near = known.OrderBy(path => EditDistance.Between(core, path)).ThenBy(path => path, StringComparer.Ordinal).Take(MostNear);
        return $"Near it: {string.Join(", ", near.Select(path => $"'{Printable.Line(path)}'"))}.";
    }

    private static Regex Compile(string pattern)
    {
        string expression = Regex.Escape(pattern)
            .Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);
        return new Regex($@"^{expression}(?:\..*)?$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
