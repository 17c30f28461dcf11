using DeepNet.Nn;

namespace DeepNet.Models.Tests.Graphs;

public class GraphTests
{
    private static Graph Path3 => Graph.Undirected([(0, 1), (1, 2)], 3);

    [Fact]
    public void Convolution_computes_what_the_reference_does()
    {
        var model = new Gcn(new(5, 4, 3));
        Golden.Check("gcn", model, x => [model.Forward(x[0], new Graph(x[1], 6))]);
    }

    [Fact]
    public void Attention_computes_what_the_reference_does()
    {
        var model = new Gat(new(5, 4, 2, 3));
        Golden.Check("gat", model, x => [model.Forward(x[0], new Graph(x[1], 6))]);
    }

    [Fact]
    public void Weights_of_edges_are_those_of_the_normalised_matrix()
    {
        var graph = Path3;
        // D^-1/2 (A + I) D^-1/2 with degrees 2, 3, 2.
        double half = 1 / 2.0, third = 1 / 3.0, mixed = 1 / Math.Sqrt(6);
        double[,] dense = { { half, mixed, 0 }, { mixed, third, mixed }, { 0, mixed, half } };
        var actual = graph.Collect(graph.OfSources(Tensor.Eye(3)) * graph.Weights);
        Golden.Same(Tensor.From(dense).To(DType.Float32), actual, "normalised");
    }

    [Fact]
    public void Softmax_sums_to_one_at_each_node_and_bears_large_scores()
    {
        var graph = Path3;
        var scores = Tensor.Randn(new Shape(7, 2), generator: new Generator(1)) * 200;
        var weights = graph.Softmax(scores);
        Golden.Same(Tensor.Ones(3, 2), graph.Collect(weights), "sums");
        // The node in the middle has three edges: those that go to it.
        bool[] isMiddle = [.. graph.Targets.ToArray<long>().Select(t => t == 1)];
        var expected = scores[Tensor.From<bool>(isMiddle)].Softmax(0);
        Golden.Same(expected, weights[Tensor.From<bool>(isMiddle)], "middle");
    }

    [Fact]
    public void Edges_of_a_node_to_itself_count_once()
    {
        var plain = new Graph(Tensor.From(new long[,] { { 0, 1 }, { 1, 0 } }), 2);
        var looped = new Graph(Tensor.From(new long[,] { { 0, 0, 1 }, { 0, 1, 0 } }), 2);
        Assert.Equal(plain.Sources.ToArray<long>(), looped.Sources.ToArray<long>());
        Assert.Contains("edge 1 goes from 1 to 2; there are 2 nodes", Assert.Throws<ArgumentException>(
            () => new Graph(Tensor.From(new long[,] { { 0, 1 }, { 1, 2 } }), 2)).Message, StringComparison.Ordinal);
        Assert.Contains("expects edges (2, count), got (3,)", Assert.Throws<ArgumentException>(
            () => new Graph(Tensor.Zeros(3), 2)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_edges_a_node_is_computed_alone(bool isAttention)
    {
        var nothing = new Graph(Tensor.Zeros(new Shape(2, 0), DType.Int64), 4);
        var x = Tensor.Randn(new Shape(4, 5), generator: new Generator(1));
        Module model = isAttention ? new Gat(new(5, 4, 2, 3)) : new Gcn(new(5, 4, 3));
        model.Eval();
        var alone = model.Forward(x);
        Golden.Same(alone, isAttention ? ((Gat)model).Forward(x, nothing) : ((Gcn)model).Forward(x, nothing), "alone");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Learns_from_neighbours_what_features_do_not_say(bool isAttention)
    {
        // Two rings of eight nodes; one node of each has a feature that tells the ring.
        var edges = Enumerable.Range(0, 16).Select(i => (i, i / 8 * 8 + (i + 1) % 8)).ToList();
        var graph = Graph.Undirected(edges, 16);
        var x = Tensor.Ones(16, 3);
        x[3, 1] = x[11, 2] = 4;
        var y = Tensor.From<long>(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
        Gcn? gcn = isAttention ? null : new Gcn(new(3, 8, 2) { Dropout = 0, Layers = 4 }, new Generator(1));
        Gat? gat = isAttention ? new Gat(new(3, 8, 2, 2) { Dropout = 0 }, new Generator(1)) : null;
        Tensor Cost() => Loss.CrossEntropy(gcn?.Forward(x, graph) ?? gat!.Forward(x, graph), y);
        Module model = (Module?)gcn ?? gat!;
        Learning.ReachesAll(model, Cost());
        Learning.Lowers(model, Cost, steps: 60, share: 0.8);
    }

    [Fact]
    public void Goes_through_a_file()
    {
        Learning.RoundTrips(new Gcn(new(5, 4, 3), new(1)), new Gcn(new(5, 4, 3), new(2)), m => ((Gcn)m).Forward(Tensor.Ones(3, 5), Path3));
        Learning.RoundTrips(new Gat(new(5, 4, 2, 3), new(1)), new Gat(new(5, 4, 2, 3), new(2)),
            m => ((Gat)m).Forward(Tensor.Ones(3, 5), Path3));
    }
}
