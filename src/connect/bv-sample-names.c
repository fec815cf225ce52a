/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that the sample's people, shops and towns are named with. */

#include "bv-sample-private.h"

#define WORDS(...) (const char *const[]) { __VA_ARGS__, NULL }

const char *const bv_sample_plan_names[] = { "Starter", "Team", "Business", "Chain", NULL };

const BvSampleCountry bv_sample_countries[] = {
  { "France", "+33", 36,
    WORDS ("Paris", "Lyon", "Marseille", "Nantes", "Lille", "Bordeaux", "Toulouse", "Rennes", "Strasbourg", "Dijon", "Annecy", "Nice"),
    WORDS ("Camille", "Louis", "Chloé", "Hugo", "Manon", "Jules", "Léa", "Arthur", "Inès", "Gabriel", "Zoé", "Paul", "Margaux",
           "Théo", "Juliette", "Antoine", "Élodie", "Nicolas", "Sarah", "Maxime", "Nadia", "Karim"),
    WORDS ("Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent",
           "Lefèvre", "Michel", "Garcia", "Roux", "Fournier", "Girard", "Mercier", "Blanc", "Guérin", "Boyer", "Chevalier", "Benali") },
  { "Germany", "+49", 15,
    WORDS ("Berlin", "Hamburg", "München", "Köln", "Leipzig", "Bremen", "Freiburg", "Nürnberg"),
    WORDS ("Anna", "Lukas", "Lena", "Felix", "Marie", "Jonas", "Laura", "Paul", "Katharina", "Tobias", "Miriam", "Emre"),
    WORDS ("Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Becker", "Wagner", "Schulz", "Hoffmann", "Koch", "Krüger", "Yılmaz") },
  { "United Kingdom", "+44", 12,
    WORDS ("London", "Manchester", "Bristol", "Leeds", "Edinburgh", "Cardiff", "Brighton", "York"),
    WORDS ("Olivia", "Oliver", "Amelia", "George", "Isla", "Harry", "Freya", "Jack", "Poppy", "Noah", "Priya", "Samuel"),
    WORDS ("Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Davies", "Evans", "Walker", "Wright", "Patel", "O'Neill") },
  { "Belgium", "+32", 9,
    WORDS ("Bruxelles", "Antwerpen", "Gent", "Liège", "Namur", "Brugge"),
    WORDS ("Emma", "Lucas", "Louise", "Arthur", "Mila", "Noor", "Victor", "Elise", "Mathis", "Lotte"),
    WORDS ("Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Dupont", "Lambert", "Wouters") },
  { "Spain", "+34", 8,
    WORDS ("Madrid", "Barcelona", "Valencia", "Sevilla", "Bilbao", "Málaga"),
    WORDS ("Lucía", "Hugo", "Sofía", "Martín", "Paula", "Daniel", "Carmen", "Álvaro", "Irene", "Javier"),
    WORDS ("García", "Fernández", "González", "Rodríguez", "López", "Sánchez", "Pérez", "Gómez", "Ruiz", "Navarro") },
  { "Italy", "+39", 8,
    WORDS ("Milano", "Roma", "Torino", "Bologna", "Firenze", "Napoli"),
    WORDS ("Giulia", "Leonardo", "Aurora", "Francesco", "Alice", "Alessandro", "Chiara", "Matteo", "Elena", "Davide"),
    WORDS ("Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco") },
  { "Netherlands", "+31", 6,
    WORDS ("Amsterdam", "Rotterdam", "Utrecht", "Haarlem", "Leiden"),
    WORDS ("Daan", "Sanne", "Bram", "Fleur", "Sem", "Anouk", "Thijs", "Iris"),
    WORDS ("de Jong", "Jansen", "de Vries", "van den Berg", "Bakker", "Visser", "Smit", "Meijer") },
  { "United States", "+1", 6,
    WORDS ("Portland", "Austin", "Brooklyn", "Oakland", "Chicago", "Boston"),
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
