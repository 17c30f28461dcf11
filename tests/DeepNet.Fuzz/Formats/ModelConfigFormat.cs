using System.Text;
using DeepNet.Fuzz.Mutation;
using DeepNet.Models;

namespace DeepNet.Fuzz.Formats;

/// <summary>The config.json of models. What is read has to be sizes that a model could have.</summary>
public sealed class ModelConfigFormat : Format
{
    public override string Name => "model_config";

    public override string FileName => "config.json";

    public override Bound Managed => new(60, 512 << 10);

    public override bool IsDocumented(Exception e) => e is InvalidDataException or NotSupportedException;

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Saved("gpt2", """
            "vocab_size": 13, "n_positions": 12, "n_embd": 16, "n_layer": 2, "n_head": 2, "n_inner": null,
            "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05, "resid_pdrop": 0.1
            """),
        Saved("llama", """
            "vocab_size": 13, "max_position_embeddings": 64, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "intermediate_size": 24, "hidden_act": "silu", "rope_theta": 500000.0, "tie_word_embeddings": true,
            "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
            """),
        Saved("bert", """
            "vocab_size": 13, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 32
            """),
        Saved("vit", """
            "image_size": 8, "patch_size": 4, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
            "intermediate_size": 24, "id2label": {"0": "cat", "1": "dog"}
            """),
    ];

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(8) switch
    {
        0 => ByteMutation.Mutate(seed, chance),
        1 => ByteMutation.Truncate(seed, chance),
        _ => Encoding.UTF8.GetBytes(JsonMutation.Mutate(Encoding.UTF8.GetString(seed), chance)),
    };

    public override void Read(string path)
    {
        string text = File.ReadAllText(path);
        int[] sizes;
        if (text.Contains("n_embd", StringComparison.Ordinal))
        {
            var c = Gpt2Config.Load(path);
            sizes = [c.VocabularySize, c.ContextLength, c.Dimension, c.Layers, c.Heads, c.FeedForward];
        }
        else if (text.Contains("rope", StringComparison.Ordinal))
        {
            var c = LlamaConfig.Load(path);
            sizes = [c.VocabularySize, c.ContextLength, c.Dimension, c.Layers, c.Heads, c.KeyValueHeads, c.FeedForward];
        }
        else if (text.Contains("patch", StringComparison.Ordinal))
        {
            var c = VisionTransformerConfig.Load(path);
            sizes = [c.ImageSize, c.PatchSize, c.Dimension, c.Layers, c.Heads, c.FeedForward, c.Channels];
        }
        else
        {
            var c = BertConfig.Load(path);
            sizes = [c.VocabularySize, c.ContextLength, c.Dimension, c.Layers, c.Heads, c.FeedForward, c.SegmentKinds];
        }
        Require(sizes.All(size => size > 0), "a size is not positive");
    }

    private static byte[] Saved(string family, string rest) => Encoding.UTF8.GetBytes($"{{\"model_type\": \"{family}\", {rest}}}");
}
