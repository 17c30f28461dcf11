using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DeepNet.Bench.Anchor;

/// <summary>A graph convolution network of two layers, of the size of Cora's.</summary>
internal sealed class Gcn : Model
{
    private readonly Linear lin1 = Linear(1433, 16, hasBias: false);
    private readonly Parameter bias1 = Parameter(zeros(16));
    private readonly Linear lin2 = Linear(16, 7, hasBias: false);
    private readonly Parameter bias2 = Parameter(zeros(7));
    private readonly double dropout = Outcome.IsWanted ? 0 : 0.5;
    private readonly Func<Tensor, Tensor> collect;

    /// <param name="collect">Sums up, for each node, what its neighbours send.</param>
    public Gcn(Func<Tensor, Tensor> collect) : base("Gcn")
    {
        this.collect = collect;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var y = (collect(lin1.call(functional.dropout(x, dropout, training))) + bias1).relu();
        return collect(lin2.call(functional.dropout(y, dropout, training))) + bias2;
    }

    /// <summary>
    /// The ways to sum up: along a list of edges, as PyTorch Geometric does by default, or by a product with a sparse matrix.
    /// </summary>
    public static IEnumerable<(string Label, Func<long[], int, Func<Tensor, Tensor>> Of)> Ways =>
    [
        ("edges", (ends, nodes) =>
        {
            var (from, to, weights) = Edges(ends, nodes);
            Tensor sources = tensor(from), targets = tensor(to), factors = tensor(weights).unsqueeze(1);
            return x => zeros(nodes, x.shape[1]).index_add(0, targets, x.index_select(0, sources) * factors, 1);
        }),
        ("sparse matrix", (ends, nodes) =>
        {
            var matrix = convert.Value.invoke<Tensor>("coalesced", Sparse(ends, nodes));
            return x => matrix.mm(x);
        }),
        ("compressed sparse matrix", (ends, nodes) =>
        {
            var matrix = convert.Value.invoke<Tensor>("compressed", Sparse(ends, nodes));
            return x => matrix.mm(x);
        }),
    ];

    // TorchSharp wraps neither.
    private static readonly Lazy<jit.CompilationUnit> convert = new(() => jit.compile("""
        def coalesced(x: Tensor):
            return x.coalesce()

        def compressed(x: Tensor):
            return x.coalesce().to_sparse_csr()

        """));

    private static Tensor Sparse(long[] ends, int nodes)
    {
        var (from, to, weights) = Edges(ends, nodes);
        return sparse_coo_tensor(tensor((long[])[.. to, .. from], [2, from.Length]), tensor(weights), [nodes, nodes]);
    }

    /// <summary>Edges between different nodes and one of each node to itself, with 1/√(d·e) of the edges that go to both ends.</summary>
    private static (long[] From, long[] To, float[] Weights) Edges(long[] ends, int nodes)
    {
        int count = ends.Length / 2;
        var kept = Enumerable.Range(0, count).Where(i => ends[i] != ends[count + i]).ToArray();
        long[] from = [.. kept.Select(i => ends[i]), .. Enumerable.Range(0, nodes).Select(i => (long)i)];
        long[] to = [.. kept.Select(i => ends[count + i]), .. Enumerable.Range(0, nodes).Select(i => (long)i)];
        var degrees = new double[nodes];
        foreach (long target in to) degrees[target]++;
        return (from, to, [.. from.Zip(to, (a, b) => (float)(1 / Math.Sqrt(degrees[a] * degrees[b])))]);
    }
}
