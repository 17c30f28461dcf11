using DeepNet.Nn;

namespace DeepNet.BitRecord.Cases;

/// <summary>Recurrent layers: several layers and directions, sequences of different lengths, without gradients.</summary>
internal static class RecurrentCases
{
    private static readonly (int Steps, int Batch, int Inputs, int Hidden)[] Sizes =
        [(1, 1, 1, 1), (7, 3, 5, 6), (5, 67, 9, 33), (20, 8, 32, 64), (3, 2, 100, 129)];

    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.Floats)
            foreach (var (steps, batch, inputs, hidden) in Sizes)
            {
                var x = Values.Of(dtype, steps, batch, inputs);
                string ending = $"of {steps} {batch} {inputs} {hidden}, {dtype}";
                int[] lengths = [.. Enumerable.Range(0, batch).Select(i => 1 + i % steps)];
                foreach (bool both in new[] { false, true })
                {
                    string full = both ? $"{ending}, both directions" : ending;
                    int layers = both ? 2 : 1;
                    recorder.Layer($"LSTM {full}", Lstm, x);
                    recorder.Layer($"GRU {full}", Gru, x);
                    recorder.Layer($"RNN {full}", () => new Rnn(inputs, hidden, layers, bidirectional: both), x);
                    recorder.Run($"LSTM of lengths {full}", t => In(dtype, Lstm()).Forward(t[0], null, lengths).Item1, x);
                    recorder.Run($"GRU of lengths {full}", t => In(dtype, Gru()).Forward(t[0], null, lengths).Item1, x);

                    Lstm Lstm() => new(inputs, hidden, layers, bidirectional: both);
                    Gru Gru() => new(inputs, hidden, layers, bidirectional: both);
                }
                var state = Values.Of(dtype, 1, batch, hidden);
                recorder.Run($"LSTM of a state {ending}",
                    t => All(In(dtype, new Lstm(inputs, hidden)).Forward(t[0], new LstmState(t[1], t[2]))), x, state, state);
                recorder.Run($"GRU of a state {ending}",
                    t => In(dtype, new Gru(inputs, hidden, bias: false)).Forward(t[0], t[1]).Item2, x, state);
            }
    }

    private static Tensor All((Tensor Y, LstmState Last) result) => result.Y.Sum() + result.Last.Hidden.Sum() * 2 + result.Last.Cell;

    private static TLayer In<TLayer>(DType dtype, TLayer layer) where TLayer : Layer
    {
        layer.To(dtype);
        return layer;
    }
}
