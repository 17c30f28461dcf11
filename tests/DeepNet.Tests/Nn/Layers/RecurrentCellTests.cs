using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

/// <summary>Cells, step by step, against the layers that run them over sequences.</summary>
public class RecurrentCellTests
{
    private static readonly Generator Random = new(16);

    [Theory]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, false)]
    public void Steps_with_the_weights_of_a_cell_are_the_sequence(DType dtype, bool bias)
    {
        var x = Tensor.Randn(new Shape(5, 3, 4), generator: Random).To(dtype);
        Compare(x, new LstmCell(4, 6, bias), new Lstm(4, 6, bias: bias), steps =>
        {
            var (cell, layer) = steps;
            LstmState? state = null;
            List<Tensor> outputs = [];
            foreach (var step in x.Unbind(0))
            {
                state = cell.Forward(step, state);
                outputs.Add(state.Value.Hidden);
            }
            var (y, last) = layer.Forward(x, null);
            return [(Tensor.Stack([.. outputs]), y), (state!.Value.Cell, last.Cell[0])];
        });
        Compare(x, new GruCell(4, 6, bias), new Gru(4, 6, bias: bias), s => Steps(x, s.Cell.Forward, s.Layer.Forward));
        Compare(x, new RnnCell(4, 6, relu: true, bias), new Rnn(4, 6, relu: true, bias: bias),
            s => Steps(x, s.Cell.Forward, s.Layer.Forward));
    }

    private static (Tensor, Tensor)[] Steps(
        Tensor x, Func<Tensor, Tensor?, Tensor> cell, Func<Tensor, Tensor?, IReadOnlyList<int>?, (Tensor Output, Tensor Hidden)> layer)
    {
        Tensor? state = null;
        List<Tensor> outputs = [];
        for (int t = 0; t < x.Shape[0]; t++) outputs.Add(state = cell(x[t], state));
        var (y, last) = layer(x, null, null);
        return [(Tensor.Stack([.. outputs]), y), (state!, last[0])];
    }

    private static void Compare<TCell, TLayer>(
        Tensor x, TCell cell, TLayer layer, Func<(TCell Cell, TLayer Layer), (Tensor ByCell, Tensor ByLayer)[]> run)
        where TCell : Module where TLayer : Module
    {
        cell.To(x.DType);
        layer.To(x.DType);
        layer.LoadState(cell.State(), rename: name => name + "_l0");
        var results = run((cell, layer));
        foreach (var (byCell, byLayer) in results)
            Fused.AssertNear([byLayer.ToArray<double>()], [byCell.ToArray<double>()], x.DType == DType.Float32 ? 1e-6 : 1e-14);
        results[0].ByCell.Square().Sum().Backward();
        results[0].ByLayer.Square().Sum().Backward();
        Fused.AssertNear(
            [.. layer.Parameters().Select(p => p.Grad!.ToArray<double>())], [.. cell.Parameters().Select(p => p.Grad!.ToArray<double>())],
            x.DType == DType.Float32 ? 1e-5 : 1e-13);
    }

    [Fact]
    public void No_sequences_and_half_types()
    {
        var cell = new LstmCell(3, 2);
        Assert.Equal(new Shape(0, 2), cell.Forward(Tensor.Ones(0, 3)).Shape);
        var x = Tensor.Randn(new Shape(2, 3), generator: Random).To(DType.Float16);
        Assert.Equal(cell.Forward(x.To(DType.Float32)).ToArray(), cell.Forward(x).ToArray());
    }

    [Fact]
    public void Errors_say_what_is_right()
    {
        var cell = new GruCell(3, 2);
        Assert.Contains("[gru_cell] expects (batch, 3), got (2, 4).",
            Assert.Throws<LayerException>(() => cell.Forward(Tensor.Ones(2, 4))).Message);
        Assert.Contains("[gru_cell] the state is (1, 2); for the input (2, 3) it must be (2, 2).",
            Assert.Throws<LayerException>(() => cell.Forward(Tensor.Ones(2, 3), Tensor.Ones(1, 2))).Message);
    }
}
