using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Tests.Cpu;

namespace DeepNet.Tests;

/// <summary>Gradients of tables by rows: the same numbers as dense ones, to the bit, in every way that they come about.</summary>
[Collection(ThreadCount.Name)]
public class SparseGradientTests
{
    private static readonly Shape Table = new(50, 3);

    private static Tensor Weight(ulong seed = 1) => Tensor.Randn(Table, generator: new Generator(seed)).WithGrad();

    private static Tensor Ids(ulong seed, params int[] shape)
        => Tensor.RandInt(0, Table[0], new Shape(shape), generator: new Generator(seed));

    // Every element has a factor of its own, and rows that meet give different sums in different orders.
    private static void Backward(Tensor weight, Tensor ids, bool sparse, int? padding = null)
    {
        var rows = Tensor.Embedding(weight, ids, padding, sparse);
        rows.Backward(Tensor.Randn(rows.Shape, generator: new Generator(7)));
    }

    [Fact]
    public void Rows_are_sorted_and_summed()
    {
        var weight = Tensor.Zeros(5, 2).WithGrad();
        Tensor.Embedding(weight, Tensor.From<int>([4, 1, 4], new Shape(3, 1)), sparse: true)
            .Backward(Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(3, 1, 2)));
        var gradient = weight.SparseGrad!;
        Assert.Equal([1L, 4], gradient.Indices.ToArray<long>());
        Assert.Equal([3f, 4, 6, 8], gradient.Values.ToArray());
        Assert.Equal(new Shape(2, 2), gradient.Values.Shape);
        Assert.Equal(new Shape(5, 2), gradient.Shape);
        Assert.Equal([0f, 0, 3, 4, 0, 0, 0, 0, 6, 8], gradient.ToDense().ToArray());
        Assert.Equal("2 rows of float32 (5, 2)", gradient.ToString());
        string text = Assert.Throws<InvalidOperationException>(() => weight.Grad).Message;
        Assert.Equal("[grad] the gradient of this table of shape (5, 2) is sparse: 2 rows of float32 (5, 2). "
            + "Read SparseGrad, which has their Indices, Values and ToDense().", text);
        weight.ZeroGrad();
        Assert.Null(weight.SparseGrad);
        Assert.Null(weight.Grad);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(3000)]
    public void Equal_to_the_dense_gradient_after_several_passes_and_on_any_number_of_threads(int count)
    {
        Tensor dense = Weight();
        for (ulong pass = 0; pass < 3; pass++) Backward(dense, Ids(pass, count), sparse: false);
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using var _ = new WithThreads(threads);
            var sparse = Weight();
            for (ulong pass = 0; pass < 3; pass++) Backward(sparse, Ids(pass, count), sparse: true);
            Assert.Equal(dense.Grad!.ToArray(), sparse.SparseGrad!.ToDense().ToArray());
        }
    }

    [Fact]
    public void Used_twice_in_one_graph_and_inside_of_a_checkpoint()
    {
        Tensor Loss(Tensor w, bool sparse) => (Tensor.Embedding(w, Ids(1, 20), sparse: sparse) * Autograd.Checkpoint(
            x => Tensor.Embedding(w, Ids(2, 20), sparse: sparse) * x,
            Tensor.Randn(new Shape(20, 3), generator: new Generator(3)).WithGrad())).Sum();
        Tensor dense = Weight(), rows = Weight();
        Loss(dense, false).Backward();
        Loss(rows, true).Backward();
        Assert.Equal(dense.Grad!.ToArray(), rows.SparseGrad!.ToDense().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dense_use_makes_the_sum_dense(bool embeddingFirst)
    {
        Tensor Gradient(bool sparse)
        {
            var weight = Weight();
            var tied = weight.T;
            if (embeddingFirst) Backward(weight, Ids(1, 9), sparse);
            Tensor.Randn(new Shape(4, 3), generator: new Generator(5)).MatMul(tied).Square().Sum().Backward();
            if (!embeddingFirst) Backward(weight, Ids(1, 9), sparse);
            Assert.Null(weight.SparseGrad);
            return weight.Grad!;
        }
        Assert.Equal(Gradient(false).ToArray(), Gradient(true).ToArray());
    }

    [Fact]
    public void A_stale_dense_buffer_and_rows_do_not_mix()
    {
        var weight = Weight();
        weight.Sum().Backward();
        weight.ZeroGrad();
        Backward(weight, Ids(1, 9), sparse: true);
        weight.Sum().Backward();                    // must not write over the rows
        var expected = Weight();
        Backward(expected, Ids(1, 9), sparse: false);
        Assert.Equal((expected.Grad! + 1).ToArray(), weight.Grad!.ToArray());
        weight.Grad = Tensor.Ones(Table);
        weight.ZeroGrad();
        Backward(weight, Ids(1, 9), sparse: true);
        Assert.Equal(expected.Grad!.ToArray(), weight.SparseGrad!.ToDense().ToArray());
        weight.Grad = null;
        Assert.Null(weight.SparseGrad);
    }

    [Fact]
    public void A_gradient_that_was_read_stays_as_it_was()
    {
        var weight = Weight();
        Backward(weight, Ids(1, 9), sparse: true);
        var first = weight.SparseGrad!;
        float[] values = first.Values.ToArray();
        Backward(weight, Ids(2, 9), sparse: true);
        weight.ZeroGrad();
        Backward(weight, Ids(3, 9), sparse: true);
        Assert.Equal(values, first.Values.ToArray());
    }

    [Fact]
    public void The_padding_row_is_left_out()
    {
        Tensor dense = Weight(), rows = Weight(), ids = Tensor.From(49, 3, 49, 3, 0);
        Backward(dense, ids, sparse: false, padding: -1);
        Backward(rows, ids, sparse: true, padding: -1);
        Assert.Equal([0L, 3], rows.SparseGrad!.Indices.ToArray<long>());
        Assert.Equal(dense.Grad!.ToArray(), rows.SparseGrad.ToDense().ToArray());
        var empty = Weight();
        Backward(empty, Tensor.From(49, 49), sparse: true, padding: 49);
        Assert.Equal(0, empty.SparseGrad!.Indices.Count);
        Backward(empty, Tensor.From<int>(), sparse: true);
        Assert.Equal(new Shape(0, 3), empty.SparseGrad.Values.Shape);
        Assert.Equal(new float[150], empty.SparseGrad.ToDense().ToArray());
    }

    [Fact]
    public void Hooks_recorded_passes_and_returned_gradients_are_dense()
    {
        var dense = Weight();
        Backward(dense, Ids(1, 9), sparse: false);
        float[] expected = dense.Grad!.ToArray();

        var hooked = Weight();
        Tensor? seen = null;
        using (hooked.RegisterHook(g => { seen = g; return g * 2; })) Backward(hooked, Ids(1, 9), sparse: true);
        Assert.Equal(expected, seen!.ToArray());
        Assert.Equal((dense.Grad! * 2).ToArray(), hooked.Grad!.ToArray());

        var weight = Weight();
        var rows = Tensor.Embedding(weight, Ids(1, 9), sparse: true);
        var upstream = Tensor.Randn(rows.Shape, generator: new Generator(7));
        Assert.Equal(expected, Autograd.Grad(rows, weight, upstream, retainGraph: true).ToArray());
        Assert.Null(weight.SparseGrad);
        rows.Backward(upstream, createGraph: true);
        Assert.Equal(expected, weight.Grad!.ToArray());

        var recorded = Weight();
        var gradient = Autograd.Grad(Tensor.Embedding(recorded, Ids(1, 9), sparse: true).Pow(3).Sum(), recorded, createGraph: true);
        gradient.Sum().Backward();                  // Σ 3w² by w is 6w for every use: sparse again, as this pass is not recorded
        var by = Weight();
        (Tensor.Embedding(by, Ids(1, 9)).Square() * 3).Sum().Backward();
        Assert.Equal(by.Grad!.ToArray(), recorded.SparseGrad!.ToDense().ToArray());
        GradCheck.Run(x => Tensor.Embedding(x[0], Ids(1, 4), 3, sparse: true).Square(), Weight().To(DType.Float64));
    }

    [Fact]
    public void Anomaly_detection_sees_rows()
    {
        var weight = Weight();
        using var _ = Anomaly.Detect();
        Backward(weight, Ids(1, 9), sparse: true);
        Assert.NotNull(weight.SparseGrad);
        var rows = Tensor.Embedding(weight, Tensor.From(2), sparse: true);
        var error = Assert.Throws<AnomalyException>(() => rows.Backward(Tensor.Full(rows.Shape, double.NaN)));
        Assert.Contains("NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_gradient_nor_step_needs_memory_for_the_table()
    {
        var embedding = new Embedding(100_000, 64, sparse: true);
        var optimizer = new Sgd(embedding.Parameters(), learningRate: 0.1);
        var ids = Tensor.RandInt(0, 100_000, new Shape(64));
        void Step()
        {
            optimizer.ZeroGrad();
            embedding.Forward(ids).Square().Sum().Backward();
            optimizer.Step();
        }
        Step();
        Memory.ResetPeak();
        long before = Memory.PeakBytes;
        for (int i = 0; i < 20; i++) Step();
        Assert.InRange(Memory.PeakBytes - before, 0, 4 << 20);      // the table has 25.6 MB
    }

    [Fact]
    public void A_clone_is_sparse_too()
    {
        var copy = Module.Clone(new Embedding(9, 4, sparse: true));
        copy.Forward(Tensor.From(3, 1)).Sum().Backward();
        Assert.True(copy.Sparse);
        Assert.Equal([1L, 3], copy.Weight.SparseGrad!.Indices.ToArray<long>());
        Assert.Equal("Embedding(9, 4, sparse)", copy.ToString());
    }
}
