using System.Globalization;
using DeepNet.Models;

namespace DeepNet.Samples.Nodes;

/// <summary>Papers of some topics that cite each other.</summary>
/// <param name="Words">(papers, words): 1 where a paper has a word, divided by the number of its words.</param>
/// <param name="Topics">(papers,), the topic of each from 0.</param>
/// <param name="Names">The names of the topics.</param>
/// <param name="Citations">Pairs of papers, one of which cites the other.</param>
internal sealed record Papers(Tensor Words, Tensor Topics, IReadOnlyList<string> Names, IReadOnlyList<(int A, int B)> Citations)
{
    private const int MadeCount = 1400, MadeTopics = 7, Vocabulary = 500, WordsOfTopic = 40, WordsOfPaper = 18, CitationsOfPaper = 2;
    private const double OwnWords = 0.25, OwnCitations = 0.65;

    /// <summary>Gets the citations as the layers of graph networks use them.</summary>
    public Graph Graph { get; } = Graph.Undirected(Citations, Topics.Shape[0]);

    public int Count => Topics.Shape[0];

    /// <summary>Gets the share of citations between papers of the same topic.</summary>
    public double Homophily
    {
        get
        {
            long[] topics = Topics.ToArray<long>();
            return Citations.Average(c => topics[c.A] == topics[c.B] ? 1.0 : 0);
        }
    }

    /// <summary>
    /// Makes papers by a stochastic block model: a quarter of a paper's words are typical of its topic, and two of three citations are to
    /// papers of the same topic; the rest is drawn from all.
    /// </summary>
    public static Papers Make(ulong seed)
    {
        var chance = new Generator(seed);
        int Below(int count) => (int)(chance.NextDouble() * count);
        // Paper i has topic i % 7.
        var words = new float[MadeCount, Vocabulary];
        var citations = new HashSet<(int, int)>();
        for (int i = 0; i < MadeCount; i++)
        {
            int topic = i % MadeTopics;
            for (int k = 0; k < WordsOfPaper; k++)
                words[i, chance.NextDouble() < OwnWords ? topic * WordsOfTopic + Below(WordsOfTopic) : Below(Vocabulary)] = 1;
            for (int k = 0; k < CitationsOfPaper; k++)
            {
                int other = chance.NextDouble() < OwnCitations ? Below(MadeCount / MadeTopics) * MadeTopics + topic : Below(MadeCount);
                if (other != i) citations.Add((Math.Min(i, other), Math.Max(i, other)));
            }
        }
        return Of(words, [.. Enumerable.Range(0, MadeCount).Select(i => (long)(i % MadeTopics))],
            [.. Enumerable.Range(1, MadeTopics).Select(i => $"topic {i}")], [.. citations]);
    }

    /// <summary>
    /// Reads papers in the format of Cora: a line of a name, words as 0 or 1, and a topic for each paper; a line of two names for each
    /// citation.
    /// </summary>
    /// <exception cref="FormatException">A line is not what it should be.</exception>
    public static Papers Read(string nodes, string edges)
    {
        var places = new Dictionary<string, int>();
        var topics = new OrderedDictionary<string, int>();
        var (rows, labels) = (new List<float[]>(), new List<long>());
        foreach (var (number, cells) in Lines(nodes))
        {
            if (cells.Length < 3 || (rows.Count > 0 && cells.Length != rows[0].Length + 2))
                throw new FormatException(
                    $"{nodes}, line {number} has {cells.Length} cells; it must have a name, as many words as the first, and a topic.");
            if (!places.TryAdd(cells[0], rows.Count)) throw new FormatException($"{nodes}, line {number}: {cells[0]} is there twice.");
            rows.Add([.. cells[1..^1].Select(cell => float.TryParse(cell, CultureInfo.InvariantCulture, out float value)
                ? value
                : throw new FormatException($"{nodes}, line {number}: '{cell}' is no number."))]);
            topics.TryAdd(cells[^1], topics.Count);
            labels.Add(topics[cells[^1]]);
        }
        if (rows.Count == 0) throw new FormatException($"{nodes} has no lines.");
        var words = new float[rows.Count, rows[0].Length];
        for (int i = 0; i < rows.Count; i++)
            for (int j = 0; j < rows[i].Length; j++) words[i, j] = rows[i][j];

        var citations = new HashSet<(int, int)>();
        foreach (var (number, cells) in Lines(edges))
        {
            if (cells.Length != 2) throw new FormatException($"{edges}, line {number} has {cells.Length} cells; it must have two names.");
            // The published lists name some papers that have no words.
            if (places.TryGetValue(cells[0], out int a) && places.TryGetValue(cells[1], out int b) && a != b)
                citations.Add((Math.Min(a, b), Math.Max(a, b)));
        }
        if (citations.Count == 0) throw new FormatException($"{edges} has no citation between papers of {nodes}.");
        return Of(words, [.. labels], [.. topics.Keys], [.. citations]);
    }

    /// <summary>Makes a graph of as many citations between papers drawn at random, to see what citations as such do.</summary>
    public Graph AtRandom(Generator chance)
    {
        int Any() => (int)(chance.NextDouble() * Count);
        return Graph.Undirected([.. Citations.Select(_ => (Any(), Any()))], Count);
    }

    private static Papers Of(float[,] words, long[] topics, string[] names, (int, int)[] citations)
    {
        using var scope = Memory.Scope();
        var x = Tensor.From(words);
        return new(
            Memory.Keep(x / x.Sum(1, keepDim: true).Clamp(1, double.PositiveInfinity)), Memory.Keep(Tensor.From<long>(topics)), names,
            citations);
    }

    private static IEnumerable<(int Number, string[] Cells)> Lines(string file) => File.ReadLines(file)
        .Select((line, i) => (i + 1, line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        .Where(line => line.Item2.Length > 0);
}
