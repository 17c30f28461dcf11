namespace DeepNet.Models;

/// <summary>The edges of a graph, as layers of graph networks use them: each node has one edge to itself beside those given.</summary>
/// <example><code>
/// var graph = Graph.Undirected([(0, 1), (1, 2)], nodes: 3);
/// var logits = gcn.Forward(features, graph);
/// </code></example>
public sealed class Graph
{
    /// <summary>Makes a graph.</summary>
    /// <param name="edges">
    /// (2, edges) of integers: the nodes that edges come from, and those that they go to. Edges from a node to itself are left out.
    /// </param>
    /// <param name="nodes">The number of nodes.</param>
    public Graph(Tensor edges, int nodes)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        if (edges.Rank != 2 || edges.Shape[0] != 2) throw new ArgumentException($"[graph] expects edges (2, count), got {edges.Shape}.");
        long[] ends = edges.To(DType.Int64).ToArray<long>();
        int count = edges.Shape[1];
        var (from, to) = (new List<long>(count + nodes), new List<long>(count + nodes));
        double[] degrees = new double[nodes];
        void Add(long source, long target)
        {
            from.Add(source);
            to.Add(target);
            degrees[target]++;
        }
        for (int i = 0; i < count; i++)
        {
            var (source, target) = (ends[i], ends[count + i]);
            if (source < 0 || source >= nodes || target < 0 || target >= nodes)
                throw new ArgumentException($"[graph] edge {i} goes from {source} to {target}; there are {nodes} nodes.");
            if (source != target) Add(source, target);
        }
        for (int i = 0; i < nodes; i++) Add(i, i);
        Nodes = nodes;
        Sources = Keep([.. from]);
        Targets = Keep([.. to]);
        float[] weights = [.. from.Zip(to, (source, target) => (float)(1 / Math.Sqrt(degrees[source] * degrees[target])))];
        Weights = Memory.Keep(Tensor.From<float>(weights, new Shape(weights.Length, 1), edges.Device));

        Tensor Keep(long[] values) => Memory.Keep(Tensor.From<long>(values, new Shape(values.Length), edges.Device));
    }

    /// <summary>Makes a graph whose edges go both ways.</summary>
    public static Graph Undirected(IReadOnlyList<(int A, int B)> edges, int nodes)
    {
        ArgumentNullException.ThrowIfNull(edges);
        long[] a = [.. edges.Select(e => (long)e.A)], b = [.. edges.Select(e => (long)e.B)];
        return new Graph(Tensor.From<long>([.. a, .. b, .. b, .. a], new Shape(2, 2 * a.Length)), nodes);
    }

    /// <summary>Gets the number of nodes.</summary>
    public int Nodes { get; }

    /// <summary>Gets the node that each edge comes from, (edges,).</summary>
    public Tensor Sources { get; }

    /// <summary>Gets the node that each edge goes to, (edges,).</summary>
    public Tensor Targets { get; }

    /// <summary>Gets 1/√(d·e) for each edge, (edges, 1), with d and e the numbers of edges that go to its ends.</summary>
    public Tensor Weights { get; }

    /// <summary>Gets what is sent along each edge: (nodes, …) → (edges, …), that of the node it comes from.</summary>
    public Tensor OfSources(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.IndexSelect(0, Sources);
    }

    /// <summary>Gets the same of the node that each edge goes to.</summary>
    public Tensor OfTargets(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.IndexSelect(0, Targets);
    }

    /// <summary>Adds up what arrives at each node: (edges, …) → (nodes, …).</summary>
    public Tensor Collect(Tensor messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Tensor.Zeros(new Shape([Nodes, .. messages.Shape.Axes[1..]]), messages.DType, messages.Device)
            .IndexAdd(0, Targets, messages);
    }

    /// <summary>Computes the softmax of scores (edges, heads) over the edges that go to one node.</summary>
    public Tensor Softmax(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var fixedScores = scores.Detach();
        var largest = Tensor.Full(new Shape(Nodes, scores.Shape[1]), double.NegativeInfinity, scores.DType, scores.Device)
            .ScatterReduce(0, Targets.Unsqueeze(1).Expand(scores.Shape.Axes), fixedScores, ScatterReduction.Max);
        var terms = (scores - OfTargets(largest)).Exp();
        return terms / OfTargets(Collect(terms));
    }
}
