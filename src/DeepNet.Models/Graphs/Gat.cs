using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a <see cref="Gat"/>.</summary>
/// <param name="Features">The number of features of a node.</param>
/// <param name="Hidden">The number of features of each head inside.</param>
/// <param name="Heads">The number of heads inside.</param>
/// <param name="Classes">The number of classes.</param>
public sealed record GatConfig(int Features, int Hidden, int Heads, int Classes)
{
    /// <summary>Gets the network of the paper for the citations of Cora: 92,373 parameters.</summary>
    public static GatConfig Cora { get; } = new(1433, 8, 8, 7);

    /// <summary>Gets the probability of 0 before each layer and of each edge, while training.</summary>
    public double Dropout { get; init; } = 0.6;
}

/// <summary>
/// Graph attention (Veličković et al. 2017): each node gets a weighted mean of its neighbours' features and its own, and the weights are
/// computed from the features at both ends of an edge.
/// </summary>
public sealed class GraphAttention : Layer
{
    private const double Slope = 0.2;
    private readonly int heads;
    private readonly Linear lin;
    [StateName("att_src")]
    private readonly Parameter ofSources;
    [StateName("att_dst")]
    private readonly Parameter ofTargets;
    private readonly Parameter bias;
    private readonly Dropout dropout;

    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">The number of features of a node.</param>
    /// <param name="outFeatures">The number that each head makes.</param>
    /// <param name="heads">The number of heads, whose results lie side by side.</param>
    /// <param name="dropout">The probability with which an edge is left out, while training.</param>
    /// <param name="generator">The source of starting values and dropout.</param>
    public GraphAttention(int inFeatures, int outFeatures, int heads = 1, double dropout = 0, Generator? generator = null)
    {
        this.heads = heads;
        lin = new Linear(inFeatures, heads * outFeatures, bias: false, generator);
        Init.XavierUniform(lin.Weight, generator: generator);
        (ofSources, ofTargets) = (Scores(), Scores());
        bias = new Parameter(Tensor.Zeros(heads * outFeatures));
        this.dropout = new Dropout(dropout, generator);

        Parameter Scores()
        {
            double bound = Math.Sqrt(6.0 / (heads + outFeatures));
            return new(Init.Uniform(Tensor.Empty(new Shape(1, heads, outFeatures)), -bound, bound, generator));
        }
    }

    /// <summary>Computes nodes that have no edges: each attends to itself.</summary>
    protected override Tensor Compute(Tensor x) => lin.Forward(x) + bias;

    /// <summary>Computes the nodes of a graph: (nodes, features) → (nodes, heads · features).</summary>
    public Tensor Forward(Tensor x, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Locate(x, () => Compute(x, graph));
    }

    private Tensor Compute(Tensor x, Graph graph)
    {
        var y = lin.Forward(x).Unflatten(1, heads, -1);                                   // (nodes, heads, features)
        Tensor sources = (y * ofSources).Sum(2), targets = (y * ofTargets).Sum(2);
        var weights = graph.Softmax((graph.OfSources(sources) + graph.OfTargets(targets)).LeakyRelu(Slope));
        return graph.Collect(graph.OfSources(y) * dropout.Forward(weights).Unsqueeze(2)).Flatten(1) + bias;
    }
}

/// <summary>A graph attention network of two layers, which classifies nodes. Names are those of PyTorch Geometric's examples.</summary>
public sealed class Gat : Layer, IPretrained
{
    private readonly GraphAttention conv1, conv2;
    private readonly Dropout dropout;

    /// <summary>Makes the network.</summary>
    public Gat(GatConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        conv1 = new GraphAttention(config.Features, config.Hidden, config.Heads, config.Dropout, generator);
        conv2 = new GraphAttention(config.Heads * config.Hidden, config.Classes, 1, config.Dropout, generator);
        dropout = new Dropout(config.Dropout, generator);
    }

    /// <inheritdoc/>
    public WeightTable Weights { get; } = new() { Renamed = [(".lin_src.", ".lin.")] };

    /// <summary>Computes nodes that have no edges.</summary>
    protected override Tensor Compute(Tensor x) => conv2.Forward(dropout.Forward(conv1.Forward(dropout.Forward(x)).Elu()));

    /// <summary>Computes the nodes of a graph: (nodes, features) → (nodes, classes) of logits.</summary>
    public Tensor Forward(Tensor x, Graph graph)
        => Locate(x, () => conv2.Forward(dropout.Forward(conv1.Forward(dropout.Forward(x), graph).Elu()), graph));
}
