/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that the sample's people, shops and towns are named with, and where the towns are (the middles of the towns, to a hundred metres). */

#include "bv-sample-private.h"

#define WORDS(...) (const char *const[]) { __VA_ARGS__, NULL }
#define PLACES(...) (const double[][2]) { __VA_ARGS__ }

const char *const bv_sample_plan_names[] = { "Starter", "Team", "Business", "Chain", NULL };

const BvSampleCountry bv_sample_countries[] = {
  { "France", "+33", 36,
    WORDS ("Paris", "Lyon", "Marseille", "Nantes", "Lille", "Bordeaux", "Toulouse", "Rennes", "Strasbourg", "Dijon", "Annecy", "Nice"),
    PLACES ({ 48.857, 2.352 }, { 45.764, 4.836 }, { 43.296, 5.370 }, { 47.218, -1.554 }, { 50.629, 3.057 }, { 44.838, -0.579 },
            { 43.605, 1.444 }, { 48.117, -1.678 }, { 48.573, 7.752 }, { 47.322, 5.041 }, { 45.899, 6.129 }, { 43.710, 7.262 }),
    WORDS ("Camille", "Louis", "Chloé", "Hugo", "Manon", "Jules", "Léa", "Arthur", "Inès", "Gabriel", "Zoé", "Paul", "Margaux",
           "Théo", "Juliette", "Antoine", "Élodie", "Nicolas", "Sarah", "Maxime", "Nadia", "Karim"),
    WORDS ("Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent",
           "Lefèvre", "Michel", "Garcia", "Roux", "Fournier", "Girard", "Mercier", "Blanc", "Guérin", "Boyer", "Chevalier", "Benali") },
  { "Germany", "+49", 15,
    WORDS ("Berlin", "Hamburg", "München", "Köln", "Leipzig", "Bremen", "Freiburg", "Nürnberg"),
    PLACES ({ 52.520, 13.405 }, { 53.551, 9.994 }, { 48.135, 11.582 }, { 50.938, 6.960 }, { 51.340, 12.375 },
            { 53.079, 8.802 }, { 47.999, 7.842 }, { 49.452, 11.077 }),
    WORDS ("Anna", "Lukas", "Lena", "Felix", "Marie", "Jonas", "Laura", "Paul", "Katharina", "Tobias", "Miriam", "Emre"),
    WORDS ("Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Becker", "Wagner", "Schulz", "Hoffmann", "Koch", "Krüger", "Yılmaz") },
  { "United Kingdom", "+44", 12,
    WORDS ("London", "Manchester", "Bristol", "Leeds", "Edinburgh", "Cardiff", "Brighton", "York"),
    PLACES ({ 51.507, -0.128 }, { 53.481, -2.242 }, { 51.455, -2.588 }, { 53.801, -1.549 }, { 55.953, -3.188 },
            { 51.482, -3.179 }, { 50.823, -0.137 }, { 53.960, -1.087 }),
    WORDS ("Olivia", "Oliver", "Amelia", "George", "Isla", "Harry", "Freya", "Jack", "Poppy", "Noah", "Priya", "Samuel"),
    WORDS ("Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Davies", "Evans", "Walker", "Wright", "Patel", "O'Neill") },
  { "Belgium", "+32", 9,
    WORDS ("Bruxelles", "Antwerpen", "Gent", "Liège", "Namur", "Brugge"),
    PLACES ({ 50.850, 4.352 }, { 51.220, 4.400 }, { 51.054, 3.725 }, { 50.633, 5.567 }, { 50.467, 4.872 }, { 51.209, 3.225 }),
    WORDS ("Emma", "Lucas", "Louise", "Arthur", "Mila", "Noor", "Victor", "Elise", "Mathis", "Lotte"),
    WORDS ("Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Dupont", "Lambert", "Wouters") },
  { "Spain", "+34", 8,
    WORDS ("Madrid", "Barcelona", "Valencia", "Sevilla", "Bilbao", "Málaga"),
    PLACES ({ 40.417, -3.704 }, { 41.385, 2.173 }, { 39.470, -0.376 }, { 37.389, -5.984 }, { 43.263, -2.935 },
            { 36.721, -4.421 }),
    WORDS ("Lucía", "Hugo", "Sofía", "Martín", "Paula", "Daniel", "Carmen", "Álvaro", "Irene", "Javier"),
    WORDS ("García", "Fernández", "González", "Rodríguez", "López", "Sánchez", "Pérez", "Gómez", "Ruiz", "Navarro") },
  { "Italy", "+39", 8,
    WORDS ("Milano", "Roma", "Torino", "Bologna", "Firenze", "Napoli"),
    PLACES ({ 45.464, 9.190 }, { 41.903, 12.496 }, { 45.070, 7.687 }, { 44.494, 11.343 }, { 43.769, 11.256 },
            { 40.852, 14.268 }),
    WORDS ("Giulia", "Leonardo", "Aurora", "Francesco", "Alice", "Alessandro", "Chiara", "Matteo", "Elena", "Davide"),
    WORDS ("Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco") },
  { "Netherlands", "+31", 6,
    WORDS ("Amsterdam", "Rotterdam", "Utrecht", "Haarlem", "Leiden"),
    PLACES ({ 52.368, 4.904 }, { 51.924, 4.478 }, { 52.091, 5.122 }, { 52.387, 4.646 }, { 52.160, 4.497 }),
    WORDS ("Daan", "Sanne", "Bram", "Fleur", "Sem", "Anouk", "Thijs", "Iris"),
    WORDS ("de Jong", "Jansen", "de Vries", "van den Berg", "Bakker", "Visser", "Smit", "Meijer") },
  { "United States", "+1", 6,
    WORDS ("Portland", "Austin", "Brooklyn", "Oakland", "Chicago", "Boston"),
    PLACES ({ 45.515, -122.678 }, { 30.267, -97.743 }, { 40.678, -73.944 }, { 37.804, -122.271 }, { 41.878, -87.630 },
            { 42.360, -71.059 }),
    WORDS ("Ava", "Liam", "Mia", "Ethan", "Zoe", "Mason", "Grace", "Logan"),
    WORDS ("Johnson", "Miller", "Davis", "Anderson", "Moore", "Jackson", "Nguyen", "Rivera") },
};
const guint bv_sample_n_countries = G_N_ELEMENTS (bv_sample_countries);

const BvSampleIndustry bv_sample_industries[] = {
  { "Bakery", 30, WORDS ("Bakery", "Boulangerie", "Bread House", "Oven", "Sourdough") },
  { "Coffee shop", 26, WORDS ("Coffee", "Roasters", "Espresso Bar", "Café") },
  { "Pastry shop", 13, WORDS ("Pâtisserie", "Pastry", "Macarons") },
  { "Restaurant", 9, WORDS ("Bistro", "Brasserie", "Kitchen") },
  { "Sandwich bar", 8, WORDS ("Toasties", "Sandwiches", "Jaffles") },
  { "Tea room", 6, WORDS ("Tea Room", "Salon de thé") },
  { "Ice cream parlour", 5, WORDS ("Gelato", "Ice Cream") },
  { "Food truck", 3, WORDS ("Food Truck", "Crêpes") },
};
const guint bv_sample_n_industries = G_N_ELEMENTS (bv_sample_industries);

const char *const bv_sample_company_words[] = {
  "Golden Crust", "Petit Matin", "Old Mill", "Blue Door", "Copper Kettle", "Saint-Michel", "Corner", "Harbour", "Belle Époque", "Morning",
  "Rue Haute", "Little Owl", "Wild Yeast", "Grand Place", "Two Sisters", "North Star", "La Fontaine", "Red Brick", "Five Grains", "Moulin Vert",
  "Maison Claire", "Sunday", "Black Cat", "Chez Lulu", "Riverside", "Mistral", "Honey & Salt", "Sel et Beurre", "Paper Crane", "Lighthouse",
  "Canal", "Tilleul", "Marigold", "Old Town", "Hazelnut", "Cinnamon", "Opéra", "Station", "Juniper", "Butter Lane", "Les Halles", "Fig Tree",
  "Pont Neuf", "Half Moon", "Daily", "Velvet", "Clocktower", "Amandine", "Bonjour", "Lemon Street", NULL
};

const char *const bv_sample_job_titles[] = {
  "Owner", "Owner", "Store manager", "Head baker", "Operations manager", "Finance manager", "Purchasing manager", "Head of IT",
  "Marketing manager", "Office manager", NULL
};

const char *const bv_sample_owners[] = {
  "Claire Fontaine", "Mehdi Amrani", "Sofie Claes", "Tom Becker", "Julia Weiss", "Rafael Ortega", NULL
};

/* Most frequent first. */
const char *const bv_sample_topics[] = {
  "Billing", "Order import", "Printer setup", "Login problem", "Reports", "Stock levels", "Integrations", "Feature request", NULL
};

guint
bv_sample_strv_pick (const char *const *words, BvSampleRandom *random)
{
  return bv_sample_random_below (random, g_strv_length ((char **) words));
}
