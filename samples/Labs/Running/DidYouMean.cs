namespace DeepNet.Labs.Running;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class DidYouMean
{
    /// <summary>" Did you mean 'saddle'?", or nothing if no known word is near.</summary>
    public static string Of(string word, IEnumerable<string> known)
    {
        var near = known.Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Distance <= Math.Max(2, k.Word.Length / 3) || k.Word.Contains(word, StringComparison.OrdinalIgnoreCase))
            .OrderBy(k => k.Distance).Take(3).Select(k => $"'{k.Word}'").ToArray();
        return near.Length == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>How many letters must be added, left out or changed (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
