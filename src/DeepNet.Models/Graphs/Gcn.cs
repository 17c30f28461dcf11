using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a <see cref="Gcn"/>.</summary>
/// <param name="Features">The number of features of a node.</param>
/// <param name="Hidden">The number of features inside.</param>
/// <param name="Classes">The number of classes.</param>
public sealed record GcnConfig(int Features, int Hidden, int Classes)
{
    /// <summary>Gets the network of the paper for the citations of Cora: 23,063 parameters.</summary>
    public static GcnConfig Cora { get; } = new(1433, 16, 7);

    /// <summary>Gets the number of layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Gets the probability of 0 before each layer, while training.</summary>
    public double Dropout { get; init; } = 0.5;
}

/// <summary>
/// A graph convolution (Kipf and Welling 2016): each node gets the mean of its neighbours' features and its own, weighted by the numbers of
/// their edges, after a linear map of all.
/// </summary>
public sealed class GraphConvolution : Layer
{
    private readonly Linear lin;
    private readonly Parameter bias;

    /// <summary>Makes the layer.</summary>
    public GraphConvolution(int inFeatures, int outFeatures, Generator? generator = null)
    {
        lin = new Linear(inFeatures, outFeatures, bias: false, generator);
        Init.XavierUniform(lin.Weight, generator: generator);
        bias = new Parameter(Tensor.Zeros(outFeatures));
    }

    /// <summary>Computes nodes that have no edges.</summary>
    protected override Tensor Compute(Tensor x) => lin.Forward(x) + bias;

    /// <summary>Computes the nodes of a graph: (nodes, features) → (nodes, features).</summary>
    public Tensor Forward(Tensor x, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Locate(x, () => graph.Collect(graph.OfSources(lin.Forward(x)) * graph.Weights) + bias);
    }
}

/// <summary>
/// A graph convolution network, which classifies nodes by their features and those of their neighbourhood: as many steps away as it has
/// layers. Names are those of PyTorch Geometric's examples.
/// </summary>
public sealed class Gcn : Layer
{
    [StateName("")]
    private readonly OrderedDictionary<string, GraphConvolution> layers = [];
    private readonly Dropout dropout;

    /// <summary>Makes the network.</summary>
    public Gcn(GcnConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        int width = config.Features;
        for (int i = 1; i <= config.Layers; i++)
        {
            int next = i == config.Layers ? config.Classes : config.Hidden;
            layers.Add($"conv{i}", new GraphConvolution(width, next, generator));
            width = next;
        }
        dropout = new Dropout(config.Dropout, generator);
    }

    /// <summary>Computes nodes that have no edges, as a multi-layer perceptron does.</summary>
    protected override Tensor Compute(Tensor x) => Run(x, (layer, y) => layer.Forward(y));

    /// <summary>Computes the nodes of a graph: (nodes, features) → (nodes, classes) of logits.</summary>
    public Tensor Forward(Tensor x, Graph graph) => Locate(x, () => Run(x, (layer, y) => layer.Forward(y, graph)));

    private Tensor Run(Tensor x, Func<GraphConvolution, Tensor, Tensor> compute)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            if (i > 0) x = x.Relu();
            x = compute(layers.GetAt(i).Value, dropout.Forward(x));
        }
        return x;
    }
}
