"""The materials, as GLSL: one vertex shader for everything that is posed on the CPU, one fragment shader a material.

Light is computed in linear values and written as sRGB. Skin's sub-surface scattering is a diffuse term that wraps
further round the shape in red than in blue; nothing here is physically exact, it has to be cheap on two cores.
"""

from __future__ import annotations

_HEAD = "#version 330\n"

_LIGHT = """
uniform vec3 key_dir; uniform vec3 key_colour;
uniform vec3 fill_dir; uniform vec3 fill_colour;
uniform vec3 rim_dir; uniform vec3 rim_colour;
uniform vec3 sky_colour; uniform vec3 ground_colour;
uniform float exposure;
uniform sampler2DShadow shadow_map; uniform mat4 shadow_matrix;

float sunlit(vec3 place, vec3 n) {
    vec4 p = shadow_matrix * vec4(place + n * 0.25, 1.0);
    vec3 q = p.xyz * 0.5 + 0.5;
    float sum = 0.0;
    for (int y = -1; y <= 1; y++)
        for (int x = -1; x <= 1; x++)
            sum += texture(shadow_map, vec3(q.xy + vec2(x, y) * SOFTNESS, q.z - 0.004));
    return sum / 9.0;
}
vec3 wrapped(vec3 n, vec3 l, vec3 wrap) {
    return pow(clamp((vec3(dot(n, l)) + wrap) / (1.0 + wrap), 0.0, 1.0), vec3(1.3));
}
float glint(vec3 n, vec3 l, vec3 v, float sharp) {
    vec3 h = normalize(l + v);
    float f = 0.04 + 0.96 * pow(1.0 - max(dot(v, h), 0.0), 5.0);
    return f * (sharp + 8.0) / 25.0 * pow(max(dot(n, h), 0.0), sharp) * max(dot(n, l), 0.0);
}
vec3 ambient(vec3 n) { return mix(ground_colour, sky_colour, 0.5 + 0.5 * n.y); }
vec3 linear(vec3 c) { return pow(c, vec3(2.2)); }
vec3 shown(vec3 c) {
    c *= exposure;
    c = c * (1.0 + c * 0.15) / (1.0 + c * 0.55);   // a soft shoulder instead of burnt highlights
    return pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
}
""".replace("SOFTNESS", "0.0045")

_NOISE = """
float hash(vec2 p) { p = fract(p * vec2(123.34, 456.21)); p += dot(p, p + 45.32); return fract(p.x * p.y); }
float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p); f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}
"""

MESH_VERTEX = (
    _HEAD
    + """
uniform mat4 projection;
in vec3 place; in vec3 normal; in vec2 uv; in vec3 rest; in vec3 extra;
out vec3 v_place; out vec3 v_normal; out vec2 v_uv; out vec3 v_rest; out vec3 v_extra;
void main() {
    v_place = place; v_normal = normal; v_uv = uv; v_rest = rest; v_extra = extra;
    gl_Position = projection * vec4(place, 1.0);
}
"""
)

_IN = "in vec3 v_place; in vec3 v_normal; in vec2 v_uv; in vec3 v_rest; in vec3 v_extra; out vec4 colour;\n"

SKIN_FRAGMENT = (
    _HEAD
    + _IN
    + _LIGHT
    + _NOISE
    + """
uniform sampler2D skin; uniform vec3 tint; uniform vec3 hair_colour; uniform float oil;
void main() {
    vec3 n = normalize(v_normal), v = normalize(-v_place);
    vec3 albedo = linear(texture(skin, vec2(v_uv.x * 0.5, v_uv.y)).rgb) * tint;
    float shade = mix(0.25, 1.0, v_extra.x);
    albedo = mix(albedo, hair_colour * 0.8, clamp(v_extra.y * 1.3, 0.0, 0.92));
    float lit = sunlit(v_place, n);
    vec3 wrap = vec3(0.42, 0.22, 0.16);
    vec3 light = key_colour * wrapped(n, key_dir, wrap) * mix(vec3(0.36, 0.25, 0.22), vec3(1.0), lit)
               + fill_colour * wrapped(n, fill_dir, vec3(0.5)) * shade
               + rim_colour * pow(max(dot(n, rim_dir), 0.0), 1.5)
               + ambient(n) * pow(vec3(shade), vec3(0.75, 1.0, 1.05));
    vec3 c = albedo * light;
    float fine = 0.75 + 0.5 * noise(v_rest.xy * 9.0 + v_rest.zz * 7.0);
    vec3 shine = key_colour * glint(n, key_dir, v, 22.0) * lit + fill_colour * glint(n, fill_dir, v, 14.0)
               + rim_colour * glint(n, rim_dir, v, 18.0);
    c += shine * oil * fine * shade * (1.0 - clamp(v_extra.y * 2.0, 0.0, 1.0));
    colour = vec4(shown(c), 1.0);
}
"""
)

MOUTH_FRAGMENT = (
    _HEAD
    + _IN
    + _LIGHT
    + """
uniform vec3 base; uniform float gloss; uniform float depth_from; uniform float depth_to; uniform float lip_open;
void main() {
    vec3 n = normalize(v_normal), v = normalize(-v_place);
    float deep = smoothstep(depth_to, depth_from, v_rest.z);          // dark towards the throat
    float shade = mix(0.05, 0.75, deep) * mix(0.55, 1.0, lip_open);
    vec3 light = key_colour * wrapped(n, key_dir, vec3(0.5)) * 0.75 + fill_colour * wrapped(n, fill_dir, vec3(0.6))
               + ambient(n);
    vec3 c = base * light * shade;
    c += key_colour * glint(n, key_dir, v, 40.0) * gloss * shade;
    colour = vec4(shown(c), 1.0);
}
"""
)

EYE_VERTEX = (
    _HEAD
    + """
uniform mat4 projection; uniform mat3 turn; uniform vec3 centre; uniform float radius;
in vec3 way;
out vec3 v_place; out vec3 v_way;
void main() {
    float bulge = 1.0 + 0.045 * smoothstep(0.42, 0.0, acos(clamp(way.z, -1.0, 1.0)));
    v_way = way;
    v_place = centre + turn * (way * radius * bulge);
    gl_Position = projection * vec4(v_place, 1.0);
}
"""
)

EYE_FRAGMENT = (
    _HEAD
    + "in vec3 v_place; in vec3 v_way; out vec4 colour;\n"
    + _LIGHT
    + _NOISE
    + """
uniform mat3 turn; uniform vec3 centre; uniform vec3 iris; uniform float pupil; uniform vec3 head_up;
uniform float size;
void main() {
    vec3 w = normalize(v_way), v = normalize(-v_place);
    vec3 n = normalize(v_place - centre);
    float a = acos(clamp(w.z, -1.0, 1.0)), turnabout = atan(w.y, w.x);
    float rim = size, ring = a / rim;
    vec3 white = vec3(0.70, 0.665, 0.64) - vec3(0.02, 0.13, 0.13) * smoothstep(0.5, 1.15, abs(a));
    float fibre = noise(vec2(turnabout * 14.0, ring * 2.5)) * 0.6 + noise(vec2(turnabout * 40.0, ring * 4.0)) * 0.4;
    vec3 inner = iris * (0.65 + 0.7 * fibre) * mix(1.25, 0.75, smoothstep(pupil, 1.0, ring));
    inner = mix(inner, iris * 0.25, smoothstep(0.78, 1.0, ring));
    inner = mix(vec3(0.006), inner, smoothstep(pupil - 0.05, pupil + 0.05, ring));
    vec3 albedo = mix(inner, white, smoothstep(0.93, 1.08, ring));
    float inside = smoothstep(1.05, 0.95, ring);
    // The dome of the cornea leans the normal away from the middle; the mirror image of the lamp sits on it.
    vec3 dome = normalize(n + inside * (n - turn * vec3(0.0, 0.0, 1.0)) * 0.9);
    float up = dot(n, head_up);
    float lid = 1.0 - 0.55 * smoothstep(0.02, 0.42, up);
    vec3 light = key_colour * wrapped(n, key_dir, vec3(0.5)) * 0.8 + fill_colour * wrapped(n, fill_dir, vec3(0.5))
               + ambient(n) * 0.8;
    vec3 c = albedo * light * lid;
    vec3 r = reflect(-v, dome);
    float lamp = smoothstep(0.955, 0.985, dot(r, key_dir)), window = smoothstep(0.93, 0.99, dot(r, fill_dir));
    c += (key_colour * lamp * 0.75 + fill_colour * window * 0.25 + ambient(dome) * 0.03) * mix(0.5, 1.0, lid)
       * mix(0.25, 1.0, inside);
    colour = vec4(shown(c), 1.0);
}
"""
)

OCCLUSION_FRAGMENT = (
    _HEAD
    + _IN
    + """
void main() {
    float edge = min(v_uv.y, 1.0 - v_uv.y);
    colour = vec4(0.05, 0.015, 0.01, 0.55 * smoothstep(0.34, 0.0, edge));
}
"""
)

LASH_FRAGMENT = (
    _HEAD
    + _IN
    + """
uniform vec3 lash_colour; uniform float lash_strength;
void main() { colour = vec4(lash_colour, lash_strength); }
"""
)

HAIR_VERTEX = (
    _HEAD
    + _LIGHT
    + """
uniform mat4 projection; uniform float shell; uniform float lift; uniform mat3 head_turn; uniform vec3 pole;
in vec3 place; in vec3 normal; in vec3 rest; in vec3 extra;
out vec3 v_place; out vec3 v_normal; out vec3 v_rest; out vec2 v_cover; out vec3 v_flow; out float v_lit;
void main() {
    vec3 flow = normalize(head_turn * normalize(rest - pole));
    flow = normalize(flow - normal * dot(flow, normal) + vec3(1e-4));
    v_flow = flow; v_normal = normal; v_rest = rest; v_cover = extra.yx;
    v_place = place + normal * (lift + shell * extra.z);
    v_lit = sunlit(v_place, normal);
    gl_Position = projection * vec4(v_place, 1.0);
}
"""
)

HAIR_FRAGMENT = (
    _HEAD
    + "in vec3 v_place; in vec3 v_normal; in vec3 v_rest; in vec2 v_cover; in vec3 v_flow; in float v_lit;\n"
    + "out vec4 colour;\n"
    + _LIGHT
    + """
uniform float shell; uniform vec3 hair_colour; uniform vec3 pole; uniform vec2 grain; uniform sampler2D strands;
void main() {
    vec3 d = v_rest - pole; float far = length(d); vec3 s = d / far;
    float around = atan(s.y, s.x) * 9.0 + s.z * 4.0;
    float strand = texture(strands, vec2(around * grain.x + shell * 1.1, far * grain.y - shell * 1.5) / 64.0).r;
    float clump = texture(strands, vec2(around * grain.x * 0.16, far * grain.y * 0.5 + 3.0) / 64.0).r;
    float cover = v_cover.x * (0.86 + 0.5 * clump) - 0.30 + 0.42 * (strand - 0.5);
    if (cover < 0.12 + shell * 0.75 * (0.35 + 0.65 * (1.0 - strand))) discard;
    vec3 n = normalize(v_normal), v = normalize(-v_place), t = normalize(v_flow + n * 0.25 * (strand - 0.5));
    float down = mix(0.35, 1.0, shell) * (0.6 + 0.6 * strand) * mix(0.4, 1.0, v_cover.y);
    float along = sqrt(max(1.0 - pow(dot(t, key_dir), 2.0), 0.0));
    vec3 light = key_colour * (0.35 * along + 0.65 * wrapped(n, key_dir, vec3(0.3))) * mix(0.35, 1.0, v_lit)
               + fill_colour * wrapped(n, fill_dir, vec3(0.4)) + ambient(n) + rim_colour * max(dot(n, rim_dir), 0.0);
    vec3 h = normalize(key_dir + v);
    float sheen = pow(sqrt(max(1.0 - pow(dot(t, h), 2.0), 0.0)), 60.0) * clamp(dot(n, key_dir) + 0.2, 0.0, 1.0);
    vec3 c = hair_colour * light * down + key_colour * sheen * (0.03 + 0.25 * hair_colour) * strand * v_lit;
    colour = vec4(shown(c), 1.0);
}
"""
)

CLOTH_FRAGMENT = (
    _HEAD
    + _IN
    + _LIGHT
    + _NOISE
    + """
uniform vec3 base; uniform float knit;
void main() {
    vec3 n = normalize(v_normal), v = normalize(-v_place);
    vec2 at = v_uv * knit;
    float row = abs(fract(at.x) - 0.5) * 2.0;
    float loop = 0.5 + 0.5 * sin((at.y + row * 0.5) * 6.2832);
    float weave = mix(0.86, 1.06, smoothstep(0.1, 0.9, loop) * (1.0 - 0.5 * row * row));
    float fold = 0.92 + 0.16 * noise(v_rest.xy * 0.25 + 7.0);
    float lit = sunlit(v_place, n);
    vec3 light = key_colour * wrapped(n, key_dir, vec3(0.25)) * mix(0.3, 1.0, lit)
               + fill_colour * wrapped(n, fill_dir, vec3(0.4)) + ambient(n)
               + rim_colour * pow(max(dot(n, rim_dir), 0.0), 2.0);
    float fuzz = pow(1.0 - max(dot(n, v), 0.0), 3.0) * 0.25;
    vec3 c = base * light * weave * fold * mix(0.3, 1.0, v_extra.x) + base * light * fuzz;
    colour = vec4(shown(c), 1.0);
}
"""
)

ROOM_VERTEX = (
    _HEAD
    + """
in vec2 corner; out vec2 v_uv;
void main() { v_uv = corner * 0.5 + 0.5; gl_Position = vec4(corner, 0.0, 1.0); }
"""
)

ROOM_FRAGMENT = (
    _HEAD
    + """
uniform sampler2D room; uniform float brightness;
in vec2 v_uv; out vec4 colour;
void main() {
    vec3 c = pow(texture(room, vec2(v_uv.x, 1.0 - v_uv.y)).rgb, vec3(2.2)) * brightness;
    colour = vec4(pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}
"""
)

DEPTH_FRAGMENT = _HEAD + "in vec3 v_place; void main() {}\n"

BAKE_VERTEX = (
    _HEAD
    + """
in vec2 uv; in vec2 source; in float trust;
out vec2 v_source; out float v_trust;
void main() {
    v_source = source; v_trust = trust;
    gl_Position = vec4(uv.x - 1.0, uv.y * 2.0 - 1.0, 0.0, 1.0);
}
"""
)

BAKE_FRAGMENT = (
    _HEAD
    + """
uniform sampler2D portrait;
in vec2 v_source; in float v_trust; out vec4 colour;
void main() { colour = vec4(texture(portrait, v_source).rgb, v_trust); }
"""
)
